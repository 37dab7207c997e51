/**
 * What a forward pass lets out, without its path changing: every stage goes through `record`, which hands the tensor back.
 *
 * Stages are named as in the goldens: `tokens`, `blocks.3.scores`, `blocks.3.attention_binary`, `logits`, ...
 */
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf, withGradient } from '@/lib/tf';

export interface Recorder {
  /** Takes note of a stage's value; what it returns stands in for `tensor` from there on. */
  record<T extends tf.Tensor>(stage: string, tensor: T): T;
  /** Another activation in the place of a quantized one, integers and all: what a causal experiment changes. */
  intervene?(stage: string, quantized: Quantized): Quantized;
}

/** Takes no note of anything. */
export const SILENT: Recorder = { record: (_stage, tensor) => tensor };

/** The same recorder for a part of a model: stage names get the prefix. */
export function within(prefix: string, recorder: Recorder): Recorder {
  return {
    record: (stage, tensor) => recorder.record(`${prefix}.${stage}`, tensor),
    intervene: (stage, quantized) => recorder.intervene?.(`${prefix}.${stage}`, quantized) ?? quantized,
  };
}

export interface Substitute {
  /** Stands in for the stage's value. */
  readonly value?: tf.Tensor | undefined;
  /** Stands in for dL/d(value) on its way back. */
  readonly gradient?: tf.Tensor | undefined;
}

export interface StageRecorderOptions {
  /** Which stages to keep; all of them by default. */
  readonly keeps?: (stage: string) => boolean;
  /** Tap the gradients too, as the backward pass comes by. */
  readonly gradients?: boolean;
  /** What stands in for a stage, to feed what follows it (or what it follows, backwards) with known values. */
  readonly substitutes?: ReadonlyMap<string, Substitute>;
}

/** Keeps values, and gradients where asked, until `dispose`. */
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

  /** The identity, forward and backward, that sees the gradient come by. */
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
