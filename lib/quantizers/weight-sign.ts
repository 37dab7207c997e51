/**
 * The weights of a binary linear: a sign for each, and one scale for each output row.
 *
 *     forward   s_o * sign(W_oi),  s_o = mean_i |W_oi|
 *     backward  1 where |W| <= 1, else 0; s is a constant, and the gradient is not multiplied by it
 *
 * Source: Bi-ViT's released code (arXiv 2305.12354); the row scale is that of XNOR-Net, arXiv 1603.05279.
 */
import type { SignOfZero } from '@/lib/quantizers/parameters';
import type { Quantizer } from '@/lib/quantizers/quantizer';
import { signOf, signTensor } from '@/lib/quantizers/sign';
import { isWithin } from '@/lib/quantizers/steps';
import { tf, withGradient } from '@/lib/tf';

export interface WeightSignParameters {
  /** s_o, of the weight's row. */
  readonly scale: number;
  readonly signOfZero: SignOfZero;
}

export const weightSign: Quantizer<WeightSignParameters> = {
  name: 'Sign with a scale per row',
  bits: 1,
  equation: String.raw`\hat{W}_{oi} = s_o \operatorname{sign}(W_{oi}), \quad s_o = \tfrac{1}{n}\textstyle\sum_i |W_{oi}|, \qquad \frac{\partial \hat{W}}{\partial W} \approx \mathbf{1}[|W| \le 1]`,
  source: 'Bi-ViT, arXiv 2305.12354 (released code)',
  forward: (w, { scale, signOfZero }) => scale * signOf(w, signOfZero),
  surrogate: (w) => (Math.abs(w) <= 1 ? 1 : 0),
};

/** The weights of a binary linear: latent as trained, or signs as shipped, which get no gradient. */
export type BinaryWeights =
  | { readonly kind: 'latent'; readonly weight: tf.Tensor2D } // [O, I]
  | { readonly kind: 'signs'; readonly signs: tf.Tensor2D; readonly scale: tf.Tensor1D }; // [O, I] of +-1, [O]

/**
 * y_o = s_o * sum_i a_i sign(W_oi): the sum of integers first, and only then the scale.
 *
 * Transposes are written out: with the flags of `matMul` the wasm backend leaves its fast kernel (14 times slower here).
 *
 * @param signs [M, I], integers (the output of `applyBiRealSign`)
 * @returns [M, O]
 */
export function multiplyByWeightSigns(signs: tf.Tensor2D, weights: BinaryWeights, signOfZero: SignOfZero): tf.Tensor2D {
  switch (weights.kind) {
    case 'signs':
      return withGradient(
        [signs],
        () => ({ value: scaledProduct(signs, weights.signs, weights.scale), saved: [weights.signs, weights.scale] }),
        (gradient, weightSigns, scale) => [tf.matMul(tf.mul<tf.Tensor2D>(gradient, scale), weightSigns)], // [M, I]
      );
    case 'latent': {
      const { weight } = weights;
      return withGradient(
        [signs, weight],
        () => {
          const scale = tf.mean<tf.Tensor1D>(tf.abs(weight), 1); // [O]
          const weightSigns = signTensor(weight, signOfZero); // [O, I]
          return { value: scaledProduct(signs, weightSigns, scale), saved: [signs, weight, weightSigns, scale] };
        },
        (gradient, savedSigns, savedWeight, weightSigns, scale) => [
          tf.matMul(tf.mul<tf.Tensor2D>(gradient, scale), weightSigns), // [M, I]
          tf.mul(tf.matMul(tf.transpose(gradient), savedSigns), isWithin(savedWeight, 1)), // [O, I]
        ],
      );
    }
  }
}

/** [M, I], [O, I], [O] -> [M, O] */
function scaledProduct(signs: tf.Tensor2D, weightSigns: tf.Tensor2D, scale: tf.Tensor1D): tf.Tensor2D {
  return tf.mul(tf.matMul(signs, tf.transpose(weightSigns)), scale);
}
