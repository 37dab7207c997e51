/**
 * Observes a forward pass: every stage goes through `record`, which returns the tensor.
 *
 * Stages are named as in the goldens: `tokens`, `blocks.3.scores`, `blocks.3.attention_binary`, `logits`, ...
 */
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf, withGradient } from '@/lib/tf';

export interface Recorder {
  /** Receives a stage's value; the forward goes on with what it returns. */
  record<T extends tf.Tensor>(stage: string, tensor: T): T;
  /** Replaces a quantized activation, integers included, for a causal experiment. */
  intervene?(stage: string, quantized: Quantized): Quantized;
}

export const SILENT: Recorder = { record: (_stage, tensor) => tensor };

/** Prefixes the stage names. */
export function within(prefix: string, recorder: Recorder): Recorder {
  return {
    record: (stage, tensor) => recorder.record(`${prefix}.${stage}`, tensor),
    intervene: (stage, quantized) => recorder.intervene?.(`${prefix}.${stage}`, quantized) ?? quantized,
  };
}

export interface Substitute {
  /** Replaces the stage's value. */
  readonly value?: tf.Tensor | undefined;
  /** Replaces dL/d(value) in the backward pass. */
  readonly gradient?: tf.Tensor | undefined;
}

export interface StageRecorderOptions {
  /** Which stages to keep; all by default. */
  readonly keeps?: (stage: string) => boolean;
  /** Also keep the gradients. */
  readonly gradients?: boolean;
  /** To feed what follows a stage (or, backwards, what precedes it) with known values. */
  readonly substitutes?: ReadonlyMap<string, Substitute>;
}

/** Keeps values, and optionally gradients, until `dispose`. */
export class StageRecorder implements Recorder {
  readonly values = new Map<string, tf.Tensor>();
  /** dL/d(value); a stage that the loss does not depend on has no entry. */
  readonly gradients = new Map<string, tf.Tensor>();

  constructor(private readonly options: StageRecorderOptions = {}) {}

  record<T extends tf.Tensor>(stage: string, tensor: T): T {
    const { keeps, gradients = false, substitutes } = this.options;
    if (keeps?.(stage) === false) return tensor;
    keepIn(this.values, stage, tensor);
    const substitute = substitutes?.get(stage);
    return gradients || substitute !== undefined ? this.tap(stage, tensor, substitute) : tensor;
  }

  dispose(): void {
    for (const kept of [this.values, this.gradients]) {
      tf.dispose([...kept.values()]);
      kept.clear();
    }
  }

  /** The identity, forward and backward, which keeps the gradient. */
  private tap<T extends tf.Tensor>(stage: string, tensor: T, substitute: Substitute | undefined): T {
    return withGradient(
      [tensor],
      () => ({ value: tf.clone((substitute?.value as T | undefined) ?? tensor), saved: [] }),
      (gradient) => {
        keepIn(this.gradients, stage, gradient);
        return [tf.clone(substitute?.gradient ?? gradient)];
      },
    );
  }
}

function keepIn(kept: Map<string, tf.Tensor>, stage: string, tensor: tf.Tensor): void {
  kept.get(stage)?.dispose();
  kept.set(stage, tf.keep(tf.clone(tensor)));
}
