/**
 * Four levels as the sum of three binary maps, so that the product with v is three binary products.
 *
 *     forward   sum over t = 1..3 of [round(3p) >= t - 1/2], half to even: 0, 1, 2 or 3
 *     backward  1 where 0 <= 3p <= 3, else 0: straight through the rounding, clipped
 *
 * Two bits of information, held as three nested binary maps. Its outputs are whole numbers and no attentions: the layers after it
 * bring the scale. Source: BHViT, Gao et al., CVPR 2025, arXiv 2503.02394; its released code rounds and clips p / alpha + z with
 * learned alpha and z, which are 1/3 and 0 here.
 */
import { roundHalfEven } from '@/lib/math/round-half-even';
import { withoutScales, type AttentionBinarizer } from '@/lib/quantizers/attention/binarizer';
import { DECOMPOSITION } from '@/lib/quantizers/attention/decomposition/record';
import { entrywise } from '@/lib/quantizers/attention/entrywise';
import { unitScale, type Quantizer } from '@/lib/quantizers/quantizer';
import { isBetween } from '@/lib/quantizers/steps';
import { tf, withGradient } from '@/lib/tf';

/** Binary maps in the sum. */
const MAPS = 3;

export const decomposition: Quantizer<Record<never, never>> = {
  ...DECOMPOSITION,
  forward: (p) => Math.min(MAPS, Math.max(0, roundHalfEven(MAPS * p))),
  surrogate: (p) => (p >= 0 && p <= 1 ? 1 : 0),
};

export const decompositionBinarizer: AttentionBinarizer<never> = {
  id: 'decomposition',
  ...entrywise({
    quantizer: decomposition,
    reads: 'attention',
    scalesOf: () => ({}),
    symbols: {},
    parametersOf: () => ({}),
    marksOf: () => [0, 1],
  }),
  ...withoutScales('decomposition'),
  apply({ attention }) {
    const integers = tf.clipByValue(tf.round(tf.mul<tf.Tensor4D>(attention, MAPS)), 0, MAPS);
    const value = withGradient(
      [attention],
      () => ({ value: tf.clone(integers), saved: [attention] }),
      (gradient, saved) => [tf.mul(gradient, isBetween(saved, 0, 1))],
    );
    return { value, levels: { integers, scale: unitScale() } };
  },
};
