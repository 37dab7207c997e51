import type { NumberRow } from '@/lib/math/number-row';

/** mean |x|; NaN for an empty row. */
export function meanMagnitude(row: NumberRow): number {
  let sum = 0;
  for (const x of row) sum += Math.abs(x);
  return sum / row.length;
}
