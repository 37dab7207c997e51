/**
 * Attention without a softmax: 1 where a score is not negative.
 *
 *     forward   [s >= 0]
 *     backward  1 where |s| < 1, else 0
 *
 * Source: BiBERT, Qin et al., ICLR 2022, arXiv 2203.06390; the open window is that of its released code.
 */
import { withoutScales, type AttentionBinarizer } from '@/lib/quantizers/attention/binarizer';
import { BOOL } from '@/lib/quantizers/attention/bool/record';
import { entrywise } from '@/lib/quantizers/attention/entrywise';
import { unitScale, type Quantized, type Quantizer } from '@/lib/quantizers/quantizer';
import { isFrom, isInside } from '@/lib/quantizers/steps';
import { tf, withGradient } from '@/lib/tf';

export const bool: Quantizer<Record<never, never>> = {
  ...BOOL,
  forward: (score) => (score >= 0 ? 1 : 0),
  surrogate: (score) => (Math.abs(score) < 1 ? 1 : 0),
};

export const boolBinarizer: AttentionBinarizer<never> = {
  id: 'bool',
  ...entrywise({
    quantizer: bool,
    reads: 'scores',
    scalesOf: () => ({}),
    symbols: {},
    parametersOf: () => ({}),
    marksOf: () => [-1, 1],
  }),
  ...withoutScales('bool'),
  apply: ({ scores }) => throughScores(scores, isFrom(scores, 0)),
};

/** 0 and 1 forward; backward to the scores, where |s - threshold| < 1. @param shifted s - threshold */
export function throughScores(scores: tf.Tensor4D, integers: tf.Tensor4D, shifted = scores): Quantized {
  const value = withGradient(
    [scores],
    () => ({ value: tf.clone(integers), saved: [shifted] }),
    (gradient, saved) => [tf.mul(gradient, isInside(saved, 1))],
  );
  return { value, levels: { integers, scale: unitScale() } };
}
