/**
 * On which colour scale a binarized row stands: on the real row's wherever it is in units of attention, so that a colour means the same.
 */
import type { BinarizedRow } from '@/analyses/binarizers/protocol';
import { attentionScale, ownTop } from '@/components/analysis/locked-scale';
import type { ColorScale } from '@/lib/viz/color-scale';
import { formatNumber } from '@/lib/viz/format';
import { binarizerEntry } from '@/lib/quantizers/binarizer-list';

export interface RowScale {
  readonly scale: ColorScale;
  /** `null` on the shared scale; else what the scale of its own is. */
  readonly own: string | null;
}

/** @param top of the scale that the real row stands on */
export function scaleOfRow({ id, values }: Pick<BinarizedRow, 'id' | 'values'>, top: number): RowScale {
  if (values.some((value) => value < 0)) {
    const reach = ownTop(values);
    return { scale: { kind: 'diverging', max: reach }, own: `scores, ±${formatNumber(reach, 2)}` };
  }
  const levels = binarizerEntry(id).wholeLevels;
  if (levels === null) return { scale: attentionScale(top), own: null };
  return { scale: attentionScale(levels), own: levels === 1 ? '0 or 1' : `0 to ${levels}` };
}

/** How many different numbers a row still holds. */
export function levelCount(values: ArrayLike<number>): number {
  return new Set(Array.from(values)).size;
}
