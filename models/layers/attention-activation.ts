/** The quantizer of the softmaxed attention: an activation's, or one of the listed binarizers. */
import { attentionBinarizer } from '@/lib/quantizers/attention-binarizers';
import type { HeadScales } from '@/lib/quantizers/attention-binarizer';
import type { AttentionParameters, ListedBinarizerId } from '@/lib/quantizers/parameters';
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf } from '@/lib/tf';
import { givenActivation, quantizeActivation, type ActivationQuantizer, type Owner } from '@/models/layers/activation';

export type AttentionQuantizer = ActivationQuantizer | ListedQuantizer;

export interface ListedQuantizer {
  readonly kind: ListedBinarizerId;
  readonly scales: HeadScales<tf.Tensor1D>; // [H] each
}

/** A quantizer whose parameters are known already. */
export function givenAttention(own: Owner, given: AttentionParameters): AttentionQuantizer {
  if (!('scales' in given)) return givenActivation(own, given);
  const scales = Object.entries(given.scales).map(([name, values]) => [name, own(tf.tensor1d(values))]);
  return { kind: given.kind, scales: Object.fromEntries(scales) as HeadScales<tf.Tensor1D> };
}

/**
 * [B, H, N, M] -> the same, quantized
 *
 * @param attention softmaxed
 * @param scores what it is the softmax of
 */
export function quantizeAttention(
  attention: tf.Tensor4D,
  scores: tf.Tensor4D,
  quantizer: AttentionQuantizer,
): Quantized {
  if (!('scales' in quantizer)) return quantizeActivation(attention, quantizer);
  const { inModel } = attentionBinarizer(quantizer.kind);
  if (inModel === null) throw new TypeError(`${quantizer.kind} has no code of its own`);
  return inModel.apply(attention, scores, quantizer.scales);
}
