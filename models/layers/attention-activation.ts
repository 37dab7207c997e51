/**
 * The quantizer of the softmaxed attention: those of every activation, and those that need more of a row than one number, or the scores
 * that it was made of.
 */
import { applyBool } from '@/lib/quantizers/bool';
import { applyDecomposition } from '@/lib/quantizers/decomposition';
import { applyGroupSuperposition, type SuperpositionScales } from '@/lib/quantizers/group-superposition';
import type { Quantized } from '@/lib/quantizers/quantizer';
import { applySoftmaxAware } from '@/lib/quantizers/softmax-aware';
import { tf } from '@/lib/tf';
import { givenActivation, quantizeActivation, type ActivationQuantizer, type Owner } from '@/models/layers/activation';
import type { AttentionParameters } from '@/lib/quantizers/parameters';

export type AttentionQuantizer =
  | ActivationQuantizer
  | { readonly kind: 'bool' }
  | { readonly kind: 'softmax-aware' }
  | ({ readonly kind: 'group-superposition' } & SuperpositionScales)
  | { readonly kind: 'decomposition' };

/** A quantizer whose parameters are known already. */
export function givenAttention(own: Owner, given: AttentionParameters): AttentionQuantizer {
  switch (given.kind) {
    case 'bool':
    case 'softmax-aware':
    case 'decomposition':
      return given;
    case 'group-superposition': {
      const constant = (scale: Float32Array): tf.Tensor1D => own(tf.tensor1d(scale));
      return { kind: given.kind, a1: constant(given.a1), a2: constant(given.a2), a3: constant(given.a3) };
    }
    default:
      return givenActivation(own, given);
  }
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
  switch (quantizer.kind) {
    case 'bool':
      return applyBool(scores);
    case 'softmax-aware':
      return applySoftmaxAware(attention, scores);
    case 'group-superposition':
      return applyGroupSuperposition(attention, quantizer);
    case 'decomposition':
      return applyDecomposition(attention);
    default:
      return quantizeActivation(attention, quantizer);
  }
}
