/**
 * The measured points as lines over bits, and where those lines fall.
 */
import {
  PRECISION_BITS,
  type PrecisionBits,
  type PrecisionCurve,
  type PrecisionPoint,
} from '@/analyses/precision/protocol';
import { formatBits, formatPercent } from '@/lib/viz/format';
import { CURVE_LINES, isSamePrecision, settingAt, type CurveLineId } from './precision-settings';

/** Accuracy at each of `PRECISION_BITS`; `null` where it is not measured (yet). */
export type CurveValues = { readonly [Line in CurveLineId]: readonly (number | null)[] };

export const LINE_NAMES: { readonly [Line in CurveLineId]: string } = {
  weights: 'only weights',
  activations: 'only activations',
  attention: 'only attention',
  all: 'all three',
};

export function curveValues(points: readonly PrecisionPoint[]): CurveValues {
  const valuesOf = (line: CurveLineId) =>
    PRECISION_BITS.map((bits) => {
      const setting = settingAt(line, bits);
      return points.find(({ precision }) => isSamePrecision(precision, setting))?.share ?? null;
    });
  return {
    weights: valuesOf('weights'),
    activations: valuesOf('activations'),
    attention: valuesOf('attention'),
    all: valuesOf('all'),
  };
}

/**
 * Which points to draw while more are measured: what is known of the present question, unless an earlier one over as many images knows
 * more; a setting asked for in addition then does not clear the lines.
 */
export function shownPoints(
  result: PrecisionCurve | null,
  partial: PrecisionCurve | null,
): { readonly points: readonly PrecisionPoint[]; readonly isEarlier: boolean } {
  if (partial === null) return { points: result?.points ?? [], isEarlier: false };
  const known = result?.points ?? [];
  const images = partial.points[0]?.images;
  const isEarlier = known.length > partial.points.length && images !== undefined && known[0]?.images === images;
  return { points: isEarlier ? known : partial.points, isEarlier };
}

export interface Cliff {
  /** The last width before the fall, and the first after it. */
  readonly from: PrecisionBits;
  readonly to: PrecisionBits;
  readonly before: number;
  readonly after: number;
}

/** A fall of ten percentage points between neighbouring widths is a cliff. */
const LEAST_FALL = 0.1;

/**
 * The steepest fall between neighbouring widths.
 *
 * @param values accuracy at each of `PRECISION_BITS`
 * @returns `'none'` where no step falls by ten percentage points or more; `null` while a point is missing
 */
export function cliffOf(values: readonly (number | null)[]): Cliff | 'none' | null {
  let steepest: Cliff | null = null;
  for (const [index, to] of PRECISION_BITS.entries()) {
    const after = values[index] ?? null;
    if (after === null) return null;
    const from = PRECISION_BITS[index + 1];
    const before = values[index + 1] ?? null;
    if (from === undefined || before === null) continue; // the loop comes to the missing one next, or this is the last
    if (steepest === null || before - after > steepest.before - steepest.after) steepest = { from, to, before, after };
  }
  return steepest !== null && steepest.before - steepest.after >= LEAST_FALL ? steepest : 'none';
}

/** Where each line falls, in sentences; those of unfinished lines say so. */
export function cliffSentences(values: CurveValues): readonly string[] {
  return CURVE_LINES.toReversed().map((line) => sentenceOf(line, values[line]));
}

function sentenceOf(line: CurveLineId, values: readonly (number | null)[]): string {
  const name = line === 'all' ? 'All three together' : `Only ${line}`;
  const cliff = cliffOf(values);
  if (cliff === null) return `${name}: n/a until all its points are measured.`;
  const percent = (share: number | null) => formatPercent(share, 0);
  if (cliff === 'none') return `${name}: no cliff, ${percent(values[0] ?? null)} are left at 1 bit.`;
  const { from, to, before, after } = cliff;
  return `${name}: the cliff is between ${formatBits(from)} and ${formatBits(to)}, where ${percent(before)} become ${percent(after)}.`;
}

/**
 * What the cliff costs at 1 bit everywhere, and what training wins back.
 *
 * @param leftover accuracy of all three at 1 bit
 * @param trained test accuracies of the students
 */
export function trainingSentence(leftover: number | null, trained: readonly number[]): string {
  if (leftover === null || trained.length === 0)
    return 'What training wins back: n/a until 1 bit everywhere is measured.';
  const [least, most] = [Math.min(...trained), Math.max(...trained)].map((share) => formatPercent(share));
  return `With everything at 1 bit ${formatPercent(leftover)} are left of a teacher that was never trained for it; the students, trained with 1 bit, reach ${least} to ${most} (on 10,000 test images, by the recipe).`;
}
