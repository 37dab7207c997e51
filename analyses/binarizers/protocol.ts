/** One row, and all rows of a head, through every attention binarizer: types and plain data. */
import { defineAnalysis } from '@/engine/analysis';
import type { CellValue } from '@/lib/metrics/cell';
import type { BinarizerFit, BinarizerRecord } from '@/lib/quantizers/attention-binarizer';
import type { BinarizerId } from '@/lib/quantizers/binarizer-list';
import type { MemberId } from '@/models/families/family';

export interface BinarizedRow extends BinarizerRecord {
  /** What became of the row. */
  readonly values: Float32Array; // [N]
  /** LaTeX symbol and value: alpha = 0.04. */
  readonly parameters: readonly { readonly symbol: string; readonly value: number }[];
  /** Share of entries that are not 0. */
  readonly density: number;
  /** Against the row before. */
  readonly tauB: number | null;
  /** |p^ - p| / |p|; `null` for a row of zeros. */
  readonly error: number | null;
  /** Share of entries inside the straight-through window; `null` where the source trains by other means, said in `passNote`. */
  readonly passShare: number | null;
  readonly passNote: string | null;
}

export interface BinarizerComparison {
  /** The row itself: softmaxed attention. */
  readonly attention: Float32Array; // [N]
  readonly rows: readonly BinarizedRow[];
}

export interface BinarizerMean {
  readonly id: BinarizerId;
  readonly density: CellValue;
  readonly tauB: CellValue;
  readonly error: CellValue;
  readonly passShare: CellValue;
}

/** Means over every row of one head over shipped images. */
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
