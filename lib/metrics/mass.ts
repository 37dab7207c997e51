import { at, type NumberRow } from '@/lib/math/number-row';

/**
 * Sum of a row that is meant as a distribution.
 *
 * @returns `null` where the row cannot be made one: an entry is negative or not finite (a quantizer with an odd zero point
 *   gives such maps), or nothing is left to share out (a binarized row without a single one)
 */
export function mass(row: NumberRow): number | null {
  let sum = 0;
  for (const value of row) {
    if (!(value >= 0)) return null;
    sum += value;
  }
  return sum > 0 && Number.isFinite(sum) ? sum : null;
}

/** The row divided by its mass, [N], summing to 1 up to rounding; `null` where `mass` is. */
export function distribution(row: NumberRow): Float64Array<ArrayBuffer> | null {
  const total = mass(row);
  if (total === null) return null;
  const shares = new Float64Array(row.length);
  for (let i = 0; i < row.length; i++) shares[i] = at(row, i) / total;
  return shares;
}
