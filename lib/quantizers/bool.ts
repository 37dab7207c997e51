/**
 * Attention without a softmax: 1 where a score is not negative.
 *
 *     forward   [s >= 0]
 *     backward  1 where |s| < 1, else 0
 *
 * Source: BiBERT, Qin et al., ICLR 2022, arXiv 2203.06390; the open window is that of its released code.
 */
import {
  binarizeEntries,
  recordOf,
  requireHead,
  sketchOf,
  WITHOUT_SCALES,
  withParameters,
  type AttentionBinarizer,
} from '@/lib/quantizers/attention-binarizer';
import { unitScale, type Quantized, type Quantizer } from '@/lib/quantizers/quantizer';
import { isFrom, isInside } from '@/lib/quantizers/steps';
import { tf, withGradient } from '@/lib/tf';

export const bool: Quantizer<Record<never, never>> = {
  name: 'Bool on the scores',
  bits: 1,
  equation: String.raw`\hat{p}_{ij} = \mathbf{1}[s_{ij} \ge 0], \qquad \frac{\partial \hat{p}}{\partial s} \approx \mathbf{1}[|s| < 1]`,
  source: 'BiBERT, Qin et al., ICLR 2022, arXiv 2203.06390',
  forward: (score) => (score >= 0 ? 1 : 0),
  surrogate: (score) => (Math.abs(score) < 1 ? 1 : 0),
};

export const boolBinarizer: AttentionBinarizer = {
  id: 'bool',
  ...recordOf(bool),
  levels: 2,
  passNote: 'Counted on the scores, for this binarizer reads no softmax: |s| < 1, as in BiBERT’s released code.',
  binarize(head) {
    requireHead(head);
    const { scores, tokens } = head;
    const ofRow = () => withParameters(bool, {});
    return binarizeEntries({ input: scores, tokens, parameters: [], ofRow });
  },
  inModel: {
    ...WITHOUT_SCALES,
    apply: (_, scores) => applyBool(scores),
    sketch: () => sketchOf(bool, {}, { reads: 'scores', marks: [-1, 1] }),
  },
};

/** `bool` on every score, with its gradient. @param scores [B, H, N, M] */
export function applyBool(scores: tf.Tensor4D): Quantized {
  const integers = isFrom(scores, 0);
  return { value: throughScores(scores, integers), levels: { integers, scale: unitScale() } };
}

/** 0 and 1 forward; backward to the scores, where |s| < 1. */
export function throughScores(scores: tf.Tensor4D, integers: tf.Tensor4D): tf.Tensor4D {
  return withGradient(
    [scores],
    () => ({ value: tf.clone(integers), saved: [scores] }),
    (gradient, saved) => [tf.mul(gradient, isInside(saved, 1))],
  );
}
