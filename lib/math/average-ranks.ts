import { at, type NumberRow } from '@/lib/math/number-row';

/**
 * Ranks from 1 (smallest) to n; tied values share the mean of the places they occupy.
 *
 * The ranks always sum to n (n + 1) / 2, whatever is tied; -0 and 0 are tied. O(n log n). The values themselves are
 * sorted and then inspected up, because sorting places through a comparison function is several times slower.
 *
 * @returns [n], or `null` when the row holds NaN, which has no place in an order
 */
export function averageRanks(row: NumberRow): Float64Array<ArrayBuffer> | null {
  const sorted = Float64Array.from(row).sort(); // ascending, NaN last
  if (sorted.length > 0 && Number.isNaN(at(sorted, sorted.length - 1))) return null;
  const shared = new Float64Array(sorted.length); // the rank of each place of the sorted row
  for (let start = 0; start < sorted.length;) {
    const value = at(sorted, start);
    let end = start + 1;
    while (end < sorted.length && at(sorted, end) === value) end++;
    shared.fill((start + 1 + end) / 2, start, end); // mean of the places start + 1 ... end
    start = end;
  }
  const ranks = new Float64Array(row.length);
  for (let i = 0; i < row.length; i++) ranks[i] = at(shared, firstNotBelow(sorted, at(row, i)));
  return ranks;
}

/** The first place of an ascending row whose value is not below `value`, by bisection. */
function firstNotBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(sorted, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
