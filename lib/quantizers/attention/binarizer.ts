/**
 * What an attention binarizer does: on one head in float64 without training, inside a model on tensors, and as a curve.
 *
 * It works on rows, because some need more than one number of a row (its maximum), or what is no map at all (q and k).
 */
import type { NumberRow } from '@/lib/math/number-row';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import type { BinarizerId } from '@/lib/quantizers/attention/records';
import type { AttentionParameters, MapBinarizerId } from '@/lib/quantizers/parameters';
import type { Quantized } from '@/lib/quantizers/quantizer';
import type { tf } from '@/lib/tf';

/** One head of one image. */
export interface AttentionHead {
  /** N */
  readonly tokens: number;
  /** Before the softmax, scaled by 1/sqrt(D). */
  readonly scores: NumberRow; // [N, N]
  readonly attention: NumberRow; // [N, N]
  /** As they enter their quantizers, or the product where there is none. */
  readonly q: NumberRow; // [N, D]
  readonly k: NumberRow; // [N, D]
}

export interface BinarizedHead {
  readonly values: Float64Array; // [N, N]
  /** Of the head: LaTeX symbol and value. */
  readonly parameters: readonly { readonly symbol: string; readonly value: number }[];
  /** Share of a row's entries that the surrogate derivative lets through; the record's `passNote` says which entries. */
  readonly passShare: (row: number) => number;
}

/** All heads of a model's layer. */
export interface AttentionMaps {
  readonly attention: tf.Tensor4D; // [B, H, N, M], softmaxed
  readonly scores: tf.Tensor4D; // [B, H, N, M]
}

export type Scales<Name extends string, Value> = { readonly [Scale in Name]: Value };

/** @typeParam Scale the names of its parameters per head */
export interface AttentionBinarizer<Scale extends string = string> {
  readonly id: BinarizerId;
  /** @throws RangeError when the head is misshapen, not finite, has a negative attention, or no attention at all */
  binarize(head: AttentionHead, fit: BinarizerFit): BinarizedHead;
  /** Constants of a model, over all pictures, windows and rows. `real`: it leaves the map as it is. */
  fit(maps: AttentionMaps, fit: BinarizerFit): AttentionParameters;
  /** Where nothing is fitted: every scale is 1. */
  unit(heads: number): AttentionParameters;
  /** Forward and gradient; left out by those that are activation quantizers (`lib/quantizers/sign-alpha.ts`) or leave the map real. */
  apply?(maps: AttentionMaps, scales: Scales<Scale, tf.Tensor1D>): Quantized;
  /** Its curve over one head; left out by those that do not quantize the map. @param scales `null`: fitted to the head */
  sketch?(head: AttentionHead, scales: Scales<Scale, number> | null): HeadSketch;
}

/** A head's quantizer as a curve. */
export interface HeadSketch {
  readonly reads: 'attention' | 'scores';
  readonly forward: (x: number) => number;
  readonly surrogate: (x: number) => number;
  readonly shown: BinarizedHead['parameters'];
  /** Where its steps and its window end: what a plot should reach. */
  readonly marks: readonly number[];
  /** Share of entries inside the window, each by its own row's curve. */
  readonly insideShare: number;
}

/** For a binarizer without parameters. */
export function withoutScales(kind: MapBinarizerId): Pick<AttentionBinarizer, 'fit' | 'unit'> {
  return { fit: () => ({ kind, scales: {} }), unit: () => ({ kind, scales: {} }) };
}

/** @throws RangeError as `AttentionBinarizer.binarize` */
export function requireHead({ tokens, scores, attention, q, k }: AttentionHead): void {
  const isShaped = scores.length === tokens ** 2 && attention.length === tokens ** 2;
  const isProjected = q.length === k.length && q.length > 0 && q.length % tokens === 0;
  if (!(tokens > 0 && isShaped && isProjected)) {
    const shapes = `${scores.length} scores, ${attention.length} attentions, ${q.length} and ${k.length} values of q and k`;
    throw new RangeError(`A head of ${tokens} tokens cannot have ${shapes}.`);
  }
  for (const side of [scores, attention, q, k])
    for (const value of side) if (!Number.isFinite(value)) throw new RangeError(`A head cannot hold ${value}.`);
  let sum = 0;
  for (const p of attention) {
    if (p < 0) throw new RangeError(`A softmaxed attention cannot be ${p}.`);
    sum += p;
  }
  if (sum === 0) throw new RangeError('A head without any attention gives no scale.');
}
