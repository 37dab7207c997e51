/** The quantizer of the softmaxed attention: an activation's, or a binarizer of attention maps. */
import { attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import type { AttentionMaps, Scales } from '@/lib/quantizers/attention/binarizer';
import type { AttentionParameters, MapBinarizerId } from '@/lib/quantizers/parameters';
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf } from '@/lib/tf';
import { givenActivation, quantizeActivation, type ActivationQuantizer, type Owner } from '@/models/layers/activation';

export type AttentionQuantizer =
  ActivationQuantizer | { readonly kind: MapBinarizerId; readonly scales: Scales<string, tf.Tensor1D> }; // [H] each

/** A quantizer with known parameters. */
export function givenAttention(own: Owner, given: AttentionParameters): AttentionQuantizer {
  if (!('scales' in given)) return givenActivation(own, given);
  const scales = Object.entries(given.scales).map(([name, values]) => [name, own(tf.tensor1d(values))] as const);
  return { kind: given.kind, scales: Object.fromEntries(scales) };
}

/** @returns the same shape, quantized; the gradient goes to the attention, or past it to the scores: each binarizer says which */
export function quantizeAttention(maps: AttentionMaps, quantizer: AttentionQuantizer): Quantized {
  if (!('scales' in quantizer)) return quantizeActivation(maps.attention, quantizer);
  const { kind, scales } = quantizer;
  const quantized = attentionBinarizer(kind).apply?.(maps, scales);
  if (quantized === undefined) throw new TypeError(`${kind} does not quantize a map`);
  return quantized;
}
