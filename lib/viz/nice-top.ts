import { roundUp } from '@/lib/viz/round-up';

/**
 * The next of 1, 2, 3, 5, 7 x 10^k at or above a magnitude: the end of an axis that moves in steps, so that a bar which grows while
 * something is dragged is seen to grow. 1 where there is no magnitude.
 */
export function niceTop(magnitude: number): number {
  if (!(magnitude > 0) || !Number.isFinite(magnitude)) return 1;
  return roundUp(magnitude, [1, 2, 3, 5, 7, 10]);
}

/** Of a row: the axis that holds its largest magnitude. Entries that are not finite are left out. */
export function niceTopOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i += 1) {
    const magnitude = Math.abs(values[i] ?? 0);
    if (Number.isFinite(magnitude) && magnitude > largest) largest = magnitude;
  }
  return niceTop(largest);
}
