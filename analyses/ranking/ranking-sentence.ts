import type { RankingMetric } from '@/analyses/ranking/protocol';
import type { PositionMeans } from '@/analyses/ranking/ranking-means';
import type { Averaged } from '@/lib/metrics/averaged';
import { formatFixed, formatPercent } from '@/lib/viz/format';

/** Differences below this are not worth a verb. */
const SAME = 0.02;

/**
 * What the numbers of one layer or head say, for someone who has never met the metric: the baseline first, then each cure, then what the attention
 * binarizer leaves. Every word follows from a number; `null` until the baseline and Bi-ViT are here.
 *
 * @param where `layer 1`, or `layer 1, head 3`
 */
export function rankingSentence(
  metric: RankingMetric,
  where: string,
  means: PositionMeans,
  k: number,
  keys: number,
): string | null {
  const { baseline, ranking, 'bi-vit': biVit } = means.students;
  if (baseline === undefined || biVit === undefined) return null;
  const tell = metric === 'tauB' || metric === 'spearman' ? number : percent;
  const alone =
    ranking === undefined ? '' : `ranking-aware distillation alone ${movesTo(baseline.before, ranking.before, tell)}; `;
  const both = `with both cures (Bi-ViT) it is ${tell(biVit.before)}`;
  const left = `After the attention binarizer it is ${tell(baseline.after)} for the baseline${rowsOf(baseline.after)} and ${tell(biVit.after)} for Bi-ViT${rowsOf(biVit.after)}.`;
  const start = opening(metric, where, baseline.before, means.teacher, { k, chance: k / keys });
  return `${start}; ${alone}${both}. ${left}`;
}

function opening(
  metric: RankingMetric,
  where: string,
  { value }: Averaged,
  teacher: Averaged | null,
  { k, chance }: { readonly k: number; readonly chance: number },
): string {
  if (value === null) return `In ${where} the baseline’s scores have no order to compare: every row is constant`;
  switch (metric) {
    case 'tauB':
      return `In ${where} the baseline’s scores order two keys as the teacher does ${howOften(value)} (τ‑b ${formatFixed(value)}, where 1 is always and 0 is chance)`;
    case 'spearman':
      return `In ${where} the ranks that the baseline’s scores give to the keys follow the teacher’s ${howClosely(value)} (ρ ${formatFixed(value)}, where 1 is exactly and 0 is not at all)`;
    case 'tieShare':
      return `In ${where} the teacher leaves ${teacher === null ? 'n/a' : percent(teacher)} of the pairs of keys in a row without an order, the baseline’s scores ${formatPercent(value)}`;
    case 'topKOverlap':
      return `In ${where} the baseline’s scores have ${formatPercent(value)} of the teacher’s top ${k} among their own (by chance: ${formatPercent(chance)})`;
    case 'inversionRate':
      return `In ${where} the baseline’s scores reverse ${formatPercent(value)} of the pairs of keys that both order (by chance: ${formatPercent(0.5)})`;
    default:
      return metric satisfies never;
  }
}

function howOften(tau: number): string {
  if (tau < -0.1) return 'less often than chance would';
  if (tau < 0.1) return 'about as often as chance would';
  if (tau < 0.3) return 'a little more often than chance would';
  return tau < 0.7 ? 'clearly more often than chance would' : 'most of the time';
}

function howClosely(rho: number): string {
  if (rho < -0.1) return 'backwards';
  if (rho < 0.1) return 'hardly at all';
  if (rho < 0.4) return 'loosely';
  return rho < 0.8 ? 'clearly' : 'closely';
}

function movesTo(from: Averaged, to: Averaged, tell: (averaged: Averaged) => string): string {
  if (to.value === null) return 'leaves it undefined in every row';
  if (from.value === null) return `brings it to ${tell(to)}`;
  const difference = to.value - from.value;
  if (Math.abs(difference) < SAME) return `leaves it at ${tell(to)}`;
  return `${difference > 0 ? 'lifts' : 'lowers'} it to ${tell(to)}`;
}

function number({ value }: Averaged): string {
  return value === null ? 'undefined (n/a)' : formatFixed(value);
}

function percent({ value }: Averaged): string {
  return value === null ? 'undefined (n/a)' : formatPercent(value);
}

/** Said where it is not all of them: a mean over few rows must not look like one over all. */
function rowsOf({ value, defined, total }: Averaged): string {
  return value === null || defined === total ? '' : ` (defined in ${defined} of ${total} rows)`;
}
