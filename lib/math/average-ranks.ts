import { compareNumbers } from '@/lib/math/compare-numbers';
import { at, type NumberRow } from '@/lib/math/number-row';

/**
 * Ranks from 1 (smallest) to n; tied values share the mean of the places they occupy.
 *
 * The ranks always sum to n (n + 1) / 2, whatever is tied; -0 and 0 are tied. O(n log n).
 *
 * @returns [n], or `null` when the row holds NaN, which has no place in an order
 */
export function averageRanks(row: NumberRow): Float64Array<ArrayBuffer> | null {
  for (const value of row) if (Number.isNaN(value)) return null;
  const values = Float64Array.from(row);
  const order = Uint32Array.from(values, (_, i) => i).sort((i, j) => compareNumbers(at(values, i), at(values, j)));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    const value = at(values, at(order, start));
    let end = start + 1;
    while (end < order.length && at(values, at(order, end)) === value) end++;
    const shared = (start + 1 + end) / 2; // mean of the places start + 1 ... end
    for (let place = start; place < end; place++) ranks[at(order, place)] = shared;
    start = end;
  }
  return ranks;
}
