/**
 * The weights of Bi-ViT's binary patch merging: a sign for each, and one learned scale for each output row.
 *
 *     forward   alpha_o * sign(W_oi)
 *     backward  d/dW      1 where |W| <= alpha_o, else 0
 *               d/d alpha sum_i (sign(W) - (W / alpha_o) 1[|W| <= alpha_o]) / sqrt(number of elements of W)
 *
 * Source: Bi-ViT's released code (arXiv 2305.12354), `layers.s.downsample.reduction`; the factor follows LSQ, arXiv 1902.08153.
 */
import type { SignOfZero } from '@/lib/quantizers/parameters';
import type { Quantizer } from '@/lib/quantizers/quantizer';
import { signOf, signTensor } from '@/lib/quantizers/sign';
import { isWithin } from '@/lib/quantizers/steps';
import { tf, withGradient } from '@/lib/tf';

export interface LearnedWeightSignParameters {
  /** alpha_o, of the weight's row. */
  readonly alpha: number;
  readonly signOfZero: SignOfZero;
}

export const learnedWeightSign: Quantizer<LearnedWeightSignParameters> = {
  name: 'Sign with a learned scale per row',
  bits: 1,
  equation: String.raw`\hat{W}_{oi} = \alpha_o \operatorname{sign}(W_{oi}), \qquad \frac{\partial \hat{W}}{\partial W} \approx \mathbf{1}[|W| \le \alpha_o]`,
  source: 'Bi-ViT, arXiv 2305.12354 (released code)',
  forward: (w, { alpha, signOfZero }) => alpha * signOf(w, signOfZero),
  surrogate: (w, { alpha }) => (Math.abs(w) <= alpha ? 1 : 0),
};

/**
 * y = x . (alpha sign(W))^T, the rows' scales last.
 *
 * @param x [M, I]
 * @param weight [O, I]
 * @param alpha [O], not 0
 * @returns [M, O]
 */
export function multiplyByLearnedSigns(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  alpha: tf.Tensor1D,
  signOfZero: SignOfZero,
): tf.Tensor2D {
  return withGradient(
    [x, weight, alpha],
    () => {
      const signs = signTensor(weight, signOfZero); // [O, I]
      const value = tf.mul<tf.Tensor2D>(tf.matMul(x, tf.transpose(signs)), alpha); // [M, O]
      return { value, saved: [x, weight, alpha, signs] };
    },
    (gradient, savedX, savedWeight, savedAlpha, signs) => {
      const ofWeights = tf.matMul(tf.transpose(gradient), savedX); // [O, I]
      const ratio = tf.div(savedWeight, tf.reshape(savedAlpha, [-1, 1])); // [O, I]
      const inside = isWithin(ratio, 1);
      const slope = tf.sub(signs, tf.mul(ratio, inside));
      return [
        tf.matMul(tf.mul<tf.Tensor2D>(gradient, savedAlpha), signs), // [M, I]
        tf.mul(ofWeights, inside),
        tf.div(tf.sum(tf.mul(ofWeights, slope), 1), Math.sqrt(savedWeight.size)), // [O]
      ];
    },
  );
}
