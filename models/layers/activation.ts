/** The quantizer of one activation of the attention: q, k, v or the softmaxed attention itself. */
import { applyElastic } from '@/lib/quantizers/elastic';
import type { Quantized } from '@/lib/quantizers/quantizer';
import { applySignAlpha } from '@/lib/quantizers/sign-alpha';
import { tf, withGradient } from '@/lib/tf';
import type { ActivationQuantization, SignOfZero } from '@/models/config';
import type { ParameterReader } from '@/models/parameter-reader';

export type ActivationQuantizer =
  | { readonly kind: 'real' }
  | {
      readonly kind: 'sign-alpha';
      readonly alpha: tf.Tensor1D; // [H]
      readonly zeroPoint: tf.Tensor1D | null; // [H]
      readonly signOfZero: SignOfZero;
    }
  | { readonly kind: 'elastic'; readonly alpha: tf.Tensor1D }; // [H]

/**
 * Reads `alpha` and, where the quantization has one, `zeroPoint`.
 *
 * @throws CheckpointError
 */
export function readActivationQuantizer(
  reader: ParameterReader,
  numHeads: number,
  quantization: ActivationQuantization | null,
): ActivationQuantizer {
  if (quantization === null) return { kind: 'real' };
  for (const name of ['initState', 'signed'])
    reader.ignore(name, 'Bookkeeping of the training; the forward does not use it.');
  const alpha = reader.nonZero('alpha', [numHeads]);
  switch (quantization.kind) {
    case 'sign-alpha': {
      const zeroPoint = quantization.zeroPoint ? reader.parameter<tf.Rank.R1>('zeroPoint', [numHeads]) : null;
      return { kind: 'sign-alpha', alpha, zeroPoint, signOfZero: quantization.signOfZero };
    }
    case 'elastic':
      return { kind: 'elastic', alpha };
  }
}

/** [B, H, N, D] -> the same, binarized */
export function quantizeActivation(x: tf.Tensor4D, quantizer: ActivationQuantizer): Quantized {
  switch (quantizer.kind) {
    case 'real':
      return { value: x, levels: null };
    case 'sign-alpha':
      return applySignAlpha(x, quantizer.alpha, quantizer.zeroPoint, quantizer.signOfZero);
    case 'elastic':
      return applyElastic(x, quantizer.alpha);
  }
}

/**
 * a . b, or a . b^T: for two binarized activations the sum of integers first, and then both scales.
 * The gradient is that of the dequantized product.
 *
 * @param a [B, H, N, K]
 * @param b [B, H, K, M], or [B, H, M, K] when transposed
 * @returns [B, H, N, M]
 */
export function multiplyQuantized(a: Quantized, b: Quantized, transposeB: boolean): tf.Tensor4D {
  const { levels: left } = a;
  const { levels: right } = b;
  if (left === null || right === null) return tf.matMul(a.value, b.value, false, transposeB);
  return withGradient(
    [a.value, b.value],
    () => {
      const sums = tf.matMul(left.integers, right.integers, false, transposeB);
      return { value: tf.mul<tf.Tensor4D>(sums, tf.mul(left.scale, right.scale)), saved: [a.value, b.value] };
    },
    (gradient, savedA, savedB) =>
      transposeB
        ? [tf.matMul(gradient, savedB), tf.matMul(gradient, savedA, true, false)]
        : [tf.matMul(gradient, savedB, false, true), tf.matMul(savedA, gradient, true, false)],
  );
}
