/** What of a loss's gradient reaches each head, and the quantizers that it passes: types and plain data. */
import { defineAnalysis, type TargetClass } from '@/engine/analysis';
import type { HeadFlow } from '@/lib/metrics/gradient-flow';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import type { MemberId } from '@/models/families/family';
import type { Trace, TraceLoss } from '@/models/trace';

/** Four decades of alpha, and where people start. */
export const ALPHA_RANGE = { min: 0.01, max: 100, start: 1 } as const;

export interface ModelGradients {
  readonly loss: TraceLoss;
  /** With gradients. */
  readonly trace: Trace;
  readonly flow: readonly (readonly HeadFlow[])[]; // [L][H]
}

export interface GradientStudy {
  readonly models: { readonly [id: MemberId]: ModelGradients };
}

export interface QuantizerStudy {
  readonly quantizers: readonly QuantizerView[];
}

export const GRADIENTS = defineAnalysis<{ readonly target: TargetClass }, GradientStudy>('gradients', {
  kept: 3,
  holdsTraces: true,
});

export const QUANTIZERS = defineAnalysis<
  { readonly modelId: MemberId; readonly layer: number; readonly head: number },
  QuantizerStudy
>('quantizers');
