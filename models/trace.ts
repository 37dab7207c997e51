/**
 * One image through one model, as plain typed arrays: what the panels and `lib/metrics` work on. No tensor leaves this file.
 */
import type { ModelConfig } from '@/models/config';

/** What one block let out; row-major, of one image. */
export interface LayerTrace {
  /** q, k and v after their quantizers, dequantized; `null` in full precision. */
  readonly qBinary: Float32Array | null; // [H, N, D]
  readonly kBinary: Float32Array | null; // [H, N, D]
  readonly vBinary: Float32Array | null; // [H, N, D]
  /** Before the softmax, scaled by 1/sqrt(D). */
  readonly scores: Float32Array; // [H, N, N]
  readonly attention: Float32Array; // [H, N, N]
  /** After its quantizer, dequantized; `null` in full precision. */
  readonly attentionBinary: Float32Array | null; // [H, N, N]
  readonly output: Float32Array; // [N, C]
  /** dL/d(stage), `null` where no gradients were asked for (or there is no such stage). */
  readonly gradScores: Float32Array | null; // [H, N, N]
  readonly gradAttention: Float32Array | null; // [H, N, N]
  readonly gradAttentionBinary: Float32Array | null; // [H, N, N]
}

/** The loss whose gradients a trace holds: cross-entropy of the softmaxed logits against one class. */
export interface TraceLoss {
  readonly kind: 'cross-entropy';
  readonly classIndex: number;
  /** Nats. */
  readonly value: number;
}

export interface Trace {
  readonly config: ModelConfig;
  /** N: class tokens first, then patches row by row. */
  readonly numTokens: number;
  readonly logits: Float32Array; // [numClasses]
  /** One for each block. */
  readonly layers: readonly LayerTrace[];
  /** `null` when no gradients were asked for. */
  readonly loss: TraceLoss | null;
}
