import { at, type NumberRow } from '@/lib/math/number-row';

/** Where the largest entry stands, the first of equal ones; 0 for an empty row. NaN is larger than no number. */
export function indexOfLargest(row: NumberRow): number {
  let index = 0;
  for (let i = 1; i < row.length; i++) if (at(row, i) > at(row, index)) index = i;
  return index;
}
