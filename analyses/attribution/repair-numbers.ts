/**
 * What a repair came to, in numbers and in a sentence.
 *
 *     recovered = l_c(repaired) - l_c(student),   share = recovered / (l_c(teacher) - l_c(student))
 */
import type { RepairStudy, RepairedLogit } from '@/analyses/attribution/protocol';
import { className } from '@/lib/viz/class-name';
import { formatFixed, formatPercent } from '@/lib/viz/format';

/** What was repaired; counted from 0. */
export type RepairTarget =
  | { readonly kind: 'head'; readonly layer: number; readonly head: number }
  | { readonly kind: 'layer'; readonly layer: number }
  | { readonly kind: 'all' };

/** What a repair did to the prediction, against the class that counts as right. */
export type Flip = 'to' | 'from' | 'other' | null;

/** `null` outside the study. */
export function repairAt(study: RepairStudy, target: RepairTarget): RepairedLogit | null {
  switch (target.kind) {
    case 'head':
      return study.heads[target.layer]?.[target.head] ?? null;
    case 'layer':
      return study.layers[target.layer] ?? null;
    case 'all':
      return study.all;
    default:
      return target satisfies never;
  }
}

/** Logits won (or lost) for the class; `null` for a logit that is not a finite number. */
export function recovered(study: RepairStudy, repair: RepairedLogit | null): number | null {
  if (repair === null) return null;
  const difference = repair.logit - study.studentLogit;
  return Number.isFinite(difference) ? difference : null;
}

/** The share of the gap between student and teacher; `null` where there is no gap. */
export function gapShare(study: RepairStudy, repair: RepairedLogit | null): number | null {
  const won = recovered(study, repair);
  const gap = study.teacherLogit - study.studentLogit;
  return won === null || gap === 0 || !Number.isFinite(gap) ? null : won / gap;
}

/**
 * @param before the class that the student predicts by itself; `null` while that is not known
 * @param right the true class, or the one examined where nobody knows it
 */
export function flipOf(repair: RepairedLogit | null, before: number | null, right: number): Flip {
  if (repair === null || before === null || repair.predicted === before) return null;
  if (repair.predicted === right) return 'to';
  return before === right ? 'from' : 'other';
}

/** `layer 1, head 3`, `all of layer 1`, `all layers`. */
export function repairName(target: RepairTarget): string {
  switch (target.kind) {
    case 'head':
      return `layer ${target.layer + 1}, head ${target.head + 1}`;
    case 'layer':
      return `all of layer ${target.layer + 1}`;
    case 'all':
      return 'all layers';
    default:
      return target satisfies never;
  }
}

interface Told {
  readonly target: RepairTarget;
  readonly classNames: readonly string[];
  readonly before: number | null;
}

/** One repair for someone who sees such a map for the first time. */
export function repairSentence(study: RepairStudy, { target, classNames, before }: Told): string {
  const repair = repairAt(study, target);
  const won = recovered(study, repair);
  const name = className(study.classIndex, classNames);
  const giving = `Giving ${repairName(target)} the teacher’s attention back`;
  if (repair === null || won === null) return `${giving}: n/a, a logit is not a finite number.`;
  return `${giving} ${changeOf(won, name)}${gapOf(won, gapShare(study, repair))}${predictionOf(repair, before, classNames)}`;
}

/** Smaller than what two decimals show. */
const NOTHING = 0.005;

function changeOf(won: number, name: string): string {
  if (Math.abs(won) < NOTHING) return `leaves the ${name} logit as it is`;
  return `${won > 0 ? 'raises' : 'lowers'} the ${name} logit by ${formatFixed(Math.abs(won))}`;
}

function gapOf(won: number, share: number | null): string {
  if (share === null) return '; the student’s own logit is the teacher’s, so there is no gap to close (n/a).';
  if (Math.abs(won) < NOTHING) return '.';
  if (share < 0) return `, away from the teacher’s by ${formatPercent(-share, 0)} of the gap.`;
  return share > 1
    ? `, past the teacher’s: ${formatPercent(share, 0)} of the gap.`
    : `, ${formatPercent(share, 0)} of the gap.`;
}

function predictionOf(repair: RepairedLogit, before: number | null, classNames: readonly string[]): string {
  if (before === null) return '';
  const of = (index: number) => className(index, classNames);
  return repair.predicted === before
    ? ` The prediction stays ${of(before)}.`
    : ` The prediction changes from ${of(before)} to ${of(repair.predicted)}.`;
}

/** The single head that helps most, and how many hurt; `null` where no head has a finite logit. */
export function repairSummary(study: RepairStudy): string | null {
  const heads = study.heads.flatMap((row, layer) =>
    row.map((repair, head) => ({ target: { kind: 'head', layer, head } as const, won: recovered(study, repair) })),
  );
  const known = heads.flatMap(({ target, won }) => (won === null ? [] : [{ target, won }]));
  const best = known.reduce<(typeof known)[number] | null>((a, b) => (a === null || b.won > a.won ? b : a), null);
  if (best === null) return null;
  const helpful = best.won >= NOTHING;
  const hurting = known.filter(({ won }) => won <= -NOTHING).length;
  const first = helpful
    ? `The one head that helps most is ${repairName(best.target)} (+${formatFixed(best.won)}).`
    : 'No single head helps.';
  return `${first} ${hurting === 0 ? 'None' : hurting} of ${known.length} ${hurting === 1 ? 'hurts' : 'hurt'}.`;
}
