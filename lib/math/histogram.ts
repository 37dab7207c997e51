import { finiteExtent } from '@/lib/math/finite-extent';
import { at, type NumberRow } from '@/lib/math/number-row';

export interface Histogram {
  /** How many values fall into each bin, [bins]. */
  readonly counts: readonly number[];
  /** The bins' borders, ascending, [bins + 1]; every bin holds its lower border, the last one its upper one too. */
  readonly edges: readonly number[];
  /** Values below `edges[0]`, above the last edge, or not a number; they are in no bin. */
  readonly outside: number;
}

/**
 * Counts over bins of equal width.
 *
 * @param range [lower, upper]; by default the smallest and the largest finite value
 * @returns `null` where no finite value gives a range
 * @throws RangeError for a number of bins that is not a positive integer, or a range that is not ascending and finite
 */
export function histogram(row: NumberRow, bins: number, range?: readonly [number, number]): Histogram | null {
  if (!Number.isInteger(bins) || bins < 1)
    throw new RangeError(`a histogram needs a positive number of bins, got ${bins}`);
  const span = range ?? finiteRange(row);
  if (span === null) return null;
  const [lower, upper] = span;
  if (!(lower < upper) || !Number.isFinite(upper - lower)) {
    throw new RangeError(`a histogram's range must be ascending and finite, got [${lower}, ${upper}]`);
  }
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? upper : lower + ((upper - lower) * i) / bins));
  const counts = new Array<number>(bins).fill(0);
  let outside = 0;
  for (const value of row) {
    if (!(value >= lower && value <= upper)) {
      outside++;
      continue;
    }
    // The division may land one bin off next to a border; the borders that are reported decide.
    let bin = Math.min(bins - 1, Math.floor(((value - lower) / (upper - lower)) * bins));
    while (bin > 0 && value < at(edges, bin)) bin--;
    while (bin < bins - 1 && value >= at(edges, bin + 1)) bin++;
    counts[bin] = at(counts, bin) + 1;
  }
  return { counts, edges, outside };
}

function finiteRange(row: NumberRow): readonly [number, number] | null {
  const extent = finiteExtent(row);
  if (extent === null) return null;
  const [lower, upper] = extent;
  return lower === upper ? [lower - 0.5, upper + 0.5] : [lower, upper];
}
