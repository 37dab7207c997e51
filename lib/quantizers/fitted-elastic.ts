/**
 * Elastic binarization without training: alpha follows the attention, one for each head of each picture.
 *
 *     forward        alpha where p > alpha / 2, else 0
 *     mean           alpha = 2 mean p = 2 / N for rows that sum to 1: the threshold is the entry of a uniform row
 *     least-squares  alpha = mean of the p above alpha / 2, in turn: Lloyd's iteration of sum (p - p^)^2, from alpha = 2 mean p
 *     backward       1: straight through, alpha as a constant
 *
 * Source: the forward is BiT's, Liu et al., NeurIPS 2022, arXiv 2205.13016, without its beta; 2 mean|p| is the start of Bi-ViT's released
 * code (arXiv 2305.12354); the iteration is Lloyd, IEEE Trans. Inf. Theory 28(2), 1982, with one of the two levels held at 0.
 */
import type { Quantizer } from '@/lib/quantizers/quantizer';
import { isAbove } from '@/lib/quantizers/steps';
import { tf } from '@/lib/tf';

export type ElasticFit = 'mean' | 'least-squares';

/** Of Lloyd's iteration; the error never grows, and on softmaxed rows it settles sooner. */
const ROUNDS = 8;

export const fittedElastic: Quantizer<{ readonly alpha: number }> = {
  name: 'Elastic, fitted',
  bits: 1,
  equation: String.raw`\hat{p} = \alpha \left\lfloor \operatorname{clip}\!\left(\tfrac{p}{\alpha}, 0, 1\right) \right\rceil, \quad \alpha = \operatorname{mean}\{\, p : p > \tfrac{\alpha}{2} \,\}`,
  source: 'BiT, Liu et al., NeurIPS 2022, arXiv 2205.13016; alpha by least squares here',
  forward: (p, { alpha }) => (p > alpha / 2 ? alpha : 0),
  surrogate: () => 1,
};

/**
 * `fittedElastic` on every head of every picture; not differentiable by itself.
 *
 * @param p [B, H, N, N], not negative
 * @returns 0 and 1 [B, H, N, N], alpha [B, H, 1, 1]
 */
export function quantizeElastic(p: tf.Tensor4D, fit: ElasticFit): { integers: tf.Tensor4D; scale: tf.Tensor4D } {
  return tf.tidy(() => {
    const heads: readonly number[] = [2, 3];
    let scale = tf.mul<tf.Tensor4D>(tf.mean<tf.Tensor4D>(p, [...heads], true), 2); // [B, H, 1, 1]
    for (let round = 0; fit === 'least-squares' && round < ROUNDS; round++) {
      const above = isAbove(p, tf.div(scale, 2));
      const count = tf.sum<tf.Tensor4D>(above, [...heads], true);
      // A head of zeros has nothing above its alpha of 0.
      scale = tf.div(tf.sum<tf.Tensor4D>(tf.mul(p, above), [...heads], true), tf.maximum(count, 1));
    }
    return { integers: isAbove(p, tf.div(scale, 2)), scale };
  });
}
