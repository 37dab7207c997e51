/** The teacher with fewer bits, after training: types and plain data. */
import { defineAnalysis } from '@/engine/analysis';
import type { Trace } from '@/models/trace';

export const PRECISION_BITS = [1, 2, 3, 4, 8, 32] as const;
export type PrecisionBits = (typeof PRECISION_BITS)[number];

export interface Precision {
  readonly weights: PrecisionBits;
  readonly activations: PrecisionBits;
  readonly attention: PrecisionBits;
}

export const FULL_PRECISION: Precision = { weights: 32, activations: 32, attention: 32 };

/** The teacher, quantized after training, on the picture on screen. */
export interface PrecisionPicture {
  readonly precision: Precision;
  readonly trace: Trace;
}

export interface PrecisionPoint {
  readonly precision: Precision;
  /** Of `images`, how many get the right class; see `PrecisionCurve.compared`. */
  readonly share: number;
  readonly images: number;
}

export interface PrecisionCurve {
  /** In the order asked for; fewer while it runs. */
  readonly points: readonly PrecisionPoint[];
  /** What answers are held against: the true classes, or where those are not known the full-precision teacher's own. */
  readonly compared: 'labels' | 'teacher';
}

export const PRECISION = defineAnalysis<{ readonly precision: Precision }, PrecisionPicture>('precision', {
  kept: 8,
  holdsTraces: true,
});

/** Over the family's first `images` sample pictures, whatever is on screen. */
export const PRECISION_CURVE = defineAnalysis<
  { readonly settings: readonly Precision[]; readonly images: number },
  PrecisionCurve
>('precision-curve', { usesPicture: false });
