/** The colour scale of a binarized row: the real row's wherever it is in units of attention, so that a colour means the same. */
import type { BinarizedRow } from '@/analyses/binarizers/protocol';
import { attentionScale, ownTop } from '@/components/analysis/locked-scale';
import type { ColorScale } from '@/lib/viz/color-scale';
import { formatNumber } from '@/lib/viz/format';
import { binarizerRecord } from '@/lib/quantizers/attention/records';

interface RowScale {
  readonly scale: ColorScale;
  /** `null` on the shared scale; otherwise its own scale in words. */
  readonly own: string | null;
}

/** @param top of the real row's scale */
export function scaleOfRow({ id, values }: Pick<BinarizedRow, 'id' | 'values'>, top: number): RowScale {
  if (values.some((value) => value < 0)) {
    const reach = ownTop(values);
    return { scale: { kind: 'diverging', max: reach }, own: `scores, ±${formatNumber(reach, 2)}` };
  }
  const levels = binarizerRecord(id).wholeLevels;
  if (levels === null) return { scale: attentionScale(top), own: null };
  return { scale: attentionScale(levels), own: levels === 1 ? '0 or 1' : `0 to ${levels}` };
}

/** How many different numbers a row holds. */
export function levelCount(values: ArrayLike<number>): number {
  return new Set(Array.from(values)).size;
}
