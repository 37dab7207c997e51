/** How far each head of a student is from the teacher's: types and plain data. */
import { defineAnalysis } from '@/engine/analysis';
import type { CellValue } from '@/lib/metrics/cell';
import type { MemberId } from '@/models/families/family';

/** Measures of the layer x head distortion matrix; ids of `lib/metrics/registry`. */
export const MATRIX_METRICS = ['cosine', 'jensenShannon', 'tauB', 'topKOverlap', 'entropyDifference'] as const;
export type MatrixMetric = (typeof MATRIX_METRICS)[number];

/** What an address names; the first where it names none of them. */
export function matrixMetric(name: string): MatrixMetric {
  return MATRIX_METRICS.find((metric) => metric === name) ?? MATRIX_METRICS[0];
}

/** One student's distance from the teacher: [layer][head], for the softmaxed and for the binarized attention. */
export interface Distortion {
  readonly attention: { readonly [Metric in MatrixMetric]: readonly (readonly CellValue[])[] };
  readonly attentionBinary: { readonly [Metric in MatrixMetric]: readonly (readonly CellValue[])[] };
  /** Share of attention rows whose entries are all equal after the binarizer, per [layer][head]. */
  readonly constantRowShare: readonly (readonly number[])[];
}

/** Of one student; fewer layers while it runs. */
export const DISTORTION = defineAnalysis<{ readonly studentId: MemberId }, Distortion>('distortion');
