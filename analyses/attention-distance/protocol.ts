/** How far each head looks on average: types and plain data. */
import { defineAnalysis } from '@/engine/analysis';
import type { CellValue } from '@/lib/metrics/cell';
import type { MemberId } from '@/models/families/family';

/** Of one member, pixels of its input: [layer][head], means over the rows of the patches. */
export interface MemberDistances {
  readonly attention: readonly (readonly CellValue[])[];
  /** After the attention binarizer; `null` for a member without one. */
  readonly attentionBinary: readonly (readonly CellValue[])[] | null;
}

export interface DistanceStudy {
  /** In the family's order; fewer while it runs. */
  readonly members: { readonly [id: MemberId]: MemberDistances };
  /** What rows without any preference give in each layer, pixels: every key alike. */
  readonly flat: readonly number[]; // [L]
}

export const ATTENTION_DISTANCE = defineAnalysis<Record<never, never>, DistanceStudy>('attention-distance');
