import type { NumberRow } from '@/lib/math/number-row';

/** The smallest and the largest finite value of a row; `null` where it has none. */
export function finiteExtent(row: NumberRow): readonly [lower: number, upper: number] | null {
  let lower = Infinity;
  let upper = -Infinity;
  for (const value of row) {
    if (!Number.isFinite(value)) continue;
    lower = Math.min(lower, value);
    upper = Math.max(upper, value);
  }
  return lower > upper ? null : [lower, upper];
}
