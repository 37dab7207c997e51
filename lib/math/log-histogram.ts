import { finiteExtent } from '@/lib/math/finite-extent';
import { histogram } from '@/lib/math/histogram';
import type { NumberRow } from '@/lib/math/number-row';

/** How large the entries of a row are, in powers of ten. A gradient spans many, and its exact zeros are news of their own. */
export interface LogHistogram {
  /** How many magnitudes fall into each bin, [bins]; empty where every entry is 0 or not finite. */
  readonly counts: readonly number[];
  /** log10 of the bins' borders, ascending, [bins + 1]; every bin holds its lower border, the last one its upper one too. */
  readonly edges: readonly number[];
  /** Entries that are exactly 0; they have no logarithm and are in no bin. */
  readonly zeros: number;
  /** Magnitudes beyond the range, infinite ones and NaN; in no bin. */
  readonly outside: number;
  /** counts, zeros and outside together. */
  readonly total: number;
}

/**
 * Counts |x| over bins of equal width in log10 |x|.
 *
 * @param binsPerDecade a positive whole number
 * @param range whole powers of ten [lower, upper]; by default the decades that the row's magnitudes touch
 * @throws RangeError when either is not as it should be
 */
export function logHistogram(
  row: NumberRow,
  binsPerDecade: number,
  range?: readonly [lower: number, upper: number],
): LogHistogram {
  const logarithms: number[] = [];
  let zeros = 0;
  let infinite = 0;
  for (const value of row) {
    if (value === 0) zeros++;
    else if (Number.isFinite(value)) logarithms.push(Math.log10(Math.abs(value)));
    else infinite++;
  }
  const [lower, upper] = range ?? decades(logarithms) ?? [0, 0];
  if (![lower, upper].every(Number.isInteger))
    throw new RangeError(`${lower} and ${upper} are not whole powers of ten`);
  const empty = { counts: [], edges: [], outside: 0 };
  const isEmpty = range === undefined && logarithms.length === 0;
  const { counts, edges, outside } = isEmpty
    ? empty
    : (histogram(logarithms, (upper - lower) * binsPerDecade, [lower, upper]) ?? empty);
  return { counts, edges, zeros, outside: outside + infinite, total: row.length };
}

/** The smallest span of whole decades that holds all, at least one wide. */
function decades(logarithms: readonly number[]): readonly [number, number] | null {
  const extent = finiteExtent(logarithms);
  if (extent === null) return null;
  const [smallest, largest] = extent;
  const lower = Math.floor(smallest);
  return [lower, Math.max(lower + 1, Math.ceil(largest))];
}
