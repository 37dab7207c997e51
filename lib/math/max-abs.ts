import type { NumberRow } from '@/lib/math/number-row';

/** The largest magnitude of a row: 0 for an empty one, NaN when it holds NaN. Used to scale before squaring. */
export function maxAbs(row: NumberRow): number {
  let largest = 0;
  for (const value of row) largest = Math.max(largest, Math.abs(value));
  return largest;
}
