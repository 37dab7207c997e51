import type { DivergingScale, SequentialScale } from '@/lib/viz/color-scale';

/**
 * The locked scale: one for all panes shown, 0 .. the largest attention in any of their rows, class tokens included.
 *
 * Only what is on the screen counts, so that a row of fine differences is not drowned by another layer; normalizing each pane by itself
 * would make a student that attends to everything alike look as decided as its teacher. The legend says which it is.
 * Entries that are not finite are left out; with none left the scale has no width.
 */
export function lockedScale(rows: Iterable<ArrayLike<number>>): SequentialScale {
  let max = 0;
  for (const row of rows) max = Math.max(max, extentOf(row)?.[1] ?? 0);
  return { kind: 'sequential', ramp: 'attention', min: 0, max };
}

/**
 * The scale of differences between rows on one locked scale: -max .. max, in the same unit per colour step on either side.
 * A place where one model sees the most of all and the other nothing reaches the end.
 */
export function differenceScale(locked: SequentialScale): DivergingScale {
  return { kind: 'diverging', max: locked.max };
}

/** A scale for one row alone, its smallest .. its largest entry: shows shape, hides distortion, so a badge has to say so. */
export function ownScale(row: ArrayLike<number>): SequentialScale {
  const [min, max] = extentOf(row) ?? [0, 0];
  return { kind: 'sequential', ramp: 'attention', min, max };
}

function extentOf(row: ArrayLike<number>): readonly [number, number] | null {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < row.length; i += 1) {
    const value = row[i];
    if (value === undefined || !Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? [min, max] : null;
}
