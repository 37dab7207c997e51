/** One row, and all rows of a head, through every attention binarizer: types and plain data. */
import { defineAnalysis } from '@/engine/analysis';
import type { CellValue } from '@/lib/metrics/cell';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import type { BinarizerId } from '@/lib/quantizers/attention/records';
import type { MemberId } from '@/models/families/family';

export const MEASURE_IDS = ['tauB', 'error', 'passShare', 'density'] as const;
export type MeasureId = (typeof MEASURE_IDS)[number];

/**
 *     tauB       against the row before; `null` where either row is constant
 *     error      |p^ - p| / |p|; `null` for a row of zeros
 *     passShare  share of entries inside the straight-through window
 *     density    share of entries that are not 0
 */
export type Measures<Value> = { readonly [Id in MeasureId]: Value };

export function perMeasure<Value>(of: (measure: MeasureId) => Value): { [Id in MeasureId]: Value } {
  return { tauB: of('tauB'), error: of('error'), passShare: of('passShare'), density: of('density') };
}

export interface BinarizedRow extends Measures<number | null> {
  readonly id: BinarizerId;
  /** The row after. */
  readonly values: Float32Array; // [N]
  /** LaTeX symbol and value: alpha = 0.04. */
  readonly parameters: readonly { readonly symbol: string; readonly value: number }[];
}

export interface BinarizerComparison {
  /** The row before: softmaxed attention. */
  readonly attention: Float32Array; // [N]
  readonly rows: readonly BinarizedRow[];
}

export interface BinarizerMean extends Measures<CellValue> {
  readonly id: BinarizerId;
}

/** Means over every row of one head over sample pictures. */
export interface BinarizerMeans {
  readonly images: number;
  readonly means: readonly BinarizerMean[];
}

interface HeadRequest {
  readonly modelId: MemberId;
  readonly layer: number;
  readonly head: number;
  readonly fit: BinarizerFit;
}

export const BINARIZERS = defineAnalysis<HeadRequest & { readonly query: number }, BinarizerComparison>('binarizers', {
  kept: 24,
});

/** Over the family's first `images` sample pictures, whatever is on screen. */
export const BINARIZER_MEANS = defineAnalysis<HeadRequest & { readonly images: number }, BinarizerMeans>(
  'binarizer-means',
  { usesPicture: false },
);
