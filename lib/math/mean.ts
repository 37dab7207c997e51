import type { NumberRow } from '@/lib/math/number-row';

/** Arithmetic mean; `null` for an empty row. */
export function mean(row: NumberRow): number | null {
  if (row.length === 0) return null;
  let sum = 0;
  for (const value of row) sum += value;
  return sum / row.length;
}
