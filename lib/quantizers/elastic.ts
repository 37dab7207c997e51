/**
 * Elastic binarization of a non-negative activation: the softmaxed attention becomes {0, alpha}.
 *
 *     forward   alpha * round(clip(p / alpha, 0, 1)), half to even
 *     backward  d/dp      1 where 0 <= p / alpha <= 1, else 0
 *               d/d alpha round(p / alpha) - p / alpha inside, 1 above, 0 below; summed over the head's elements and
 *                         divided by sqrt(number of elements of p)
 *
 * Source: BiT, Liu et al., NeurIPS 2022, arXiv 2205.13016, without its beta.
 */
import { ELASTIC } from '@/lib/quantizers/attention/elastic/record';
import { perHead, perHeadGradient, type Quantized, type Quantizer } from '@/lib/quantizers/quantizer';
import { isAbove, isBetween } from '@/lib/quantizers/steps';
import { tf, withGradient } from '@/lib/tf';

export interface ElasticParameters {
  readonly alpha: number;
}

export const elastic: Quantizer<ElasticParameters> = {
  ...ELASTIC,
  // Half to even: 0.5 goes to 0.
  forward: (p, { alpha }) => (p / alpha > 0.5 ? alpha : 0),
  surrogate: (p, { alpha }) => (p / alpha >= 0 && p / alpha <= 1 ? 1 : 0),
};

/** d forward / d alpha at one p, before the sum over the head and the factor 1/sqrt(numel). */
export function elasticGradientOfAlpha(p: number, { alpha }: ElasticParameters): number {
  const c = p / alpha;
  if (c < 0) return 0;
  return c > 1 ? 1 : (c > 0.5 ? 1 : 0) - c;
}

/**
 * `elastic` on an activation, with the gradients of p and alpha.
 *
 * @param p [B, H, N, N]
 * @param alpha [H], positive
 */
export function applyElastic(p: tf.Tensor4D, alpha: tf.Tensor1D): Quantized {
  const scale = perHead(alpha); // [1, H, 1, 1]
  const ratio = tf.div<tf.Tensor4D>(p, scale);
  const integers = isAbove(ratio, 0.5);

  const value = withGradient(
    [p, alpha],
    () => ({ value: tf.mul<tf.Tensor4D>(scale, integers), saved: [ratio, integers] }),
    (gradient, savedRatio, savedIntegers) => {
      const inside = isBetween(savedRatio, 0, 1);
      const slope = tf.sub(savedIntegers, tf.mul(savedRatio, inside));
      return [tf.mul(gradient, inside), perHeadGradient(tf.mul(gradient, slope))];
    },
  );
  return { value, levels: { integers, scale } };
}
