import { logHistogram } from '@/lib/math/log-histogram';
import type { NumberRow } from '@/lib/math/number-row';

export interface MagnitudeHistogram {
  readonly counts: readonly number[]; // [bins]
  /** Entries that are exactly 0. */
  readonly zeros: number;
  /** Magnitudes below the first border, which are not 0; infinite ones and NaN. */
  readonly outside: number;
  readonly total: number;
}

export interface MagnitudeHistograms {
  /** Borders of the bins, shared; powers of ten among them. Empty where no row has a magnitude. */
  readonly edges: readonly number[]; // [bins + 1]
  /** In the order of the rows. */
  readonly rows: readonly MagnitudeHistogram[];
}

/** Float32 reaches down to 1e-45; what is this many decades below the largest is counted, not drawn. */
const MOST_DECADES = 12;

/**
 * |x| of several gradients over the same bins, equally wide in log10 |x|, so that they can be laid side by side.
 *
 * @param binsPerDecade a positive whole number
 * @throws RangeError when it is not
 */
export function magnitudeHistograms(rows: readonly NumberRow[], binsPerDecade: number): MagnitudeHistograms {
  const alone = rows.map((row) => logHistogram(row, binsPerDecade));
  const ends = alone.flatMap(({ edges }) => (edges.length === 0 ? [] : [edges[0] ?? 0, edges[edges.length - 1] ?? 0]));
  if (ends.length === 0) {
    return { edges: [], rows: alone.map(({ zeros, outside, total }) => ({ counts: [], zeros, outside, total })) };
  }
  const upper = Math.max(...ends);
  const lower = Math.max(Math.min(...ends), upper - MOST_DECADES);
  const shared = rows.map((row) => logHistogram(row, binsPerDecade, [lower, upper]));
  return { edges: (shared[0]?.edges ?? []).map((exponent) => 10 ** exponent), rows: shared };
}
