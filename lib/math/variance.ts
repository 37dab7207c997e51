import { mean } from '@/lib/math/mean';
import type { NumberRow } from '@/lib/math/number-row';

/**
 * Variance, in two passes so that a large mean costs no digits.
 *
 *     sum_i (x_i - mean)^2 / (n - freedom)
 *
 * @param freedom 0 for the population (the default, as layer norm uses it), 1 for an unbiased estimate
 * @returns `null` when n <= freedom
 */
export function variance(row: NumberRow, freedom = 0): number | null {
  const centre = mean(row);
  if (centre === null || row.length <= freedom) return null;
  let sum = 0;
  for (const value of row) sum += (value - centre) ** 2;
  return sum / (row.length - freedom);
}
