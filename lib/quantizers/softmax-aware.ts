/**
 * A row's own threshold: 1 where the attention reaches a quarter of the row's largest.
 *
 *     forward   [p_j >= max(p) / 4], which is [s_j >= max(s) - ln 4] on the scores: the softmax's denominator drops out
 *     backward  1 where |s| < 1, else 0: the released code lets the gradient pass the softmax by, too
 *
 * The scalar record therefore takes a score. Source: BiViT, He et al., ICCV 2023, arXiv 2211.07091, and its released code;
 * SI-BiViT, ACM MM 2024, keeps it.
 */
import type { NumberRow } from '@/lib/math/number-row';
import {
  binarizeEntries,
  largestOf,
  medianLargest,
  passShareOf,
  recordOf,
  requireHead,
  sketchOf,
  WITHOUT_SCALES,
  type AttentionBinarizer,
} from '@/lib/quantizers/attention-binarizer';
import { throughScores } from '@/lib/quantizers/bool';
import { unitScale, type Quantized, type Quantizer } from '@/lib/quantizers/quantizer';
import { isFrom } from '@/lib/quantizers/steps';
import { tf } from '@/lib/tf';

/** Share of the largest attention that still counts. */
const SHARE = 0.25;

export interface SoftmaxAwareParameters {
  /** The largest score of the row. */
  readonly largest: number;
}

export const softmaxAware: Quantizer<SoftmaxAwareParameters> = {
  name: 'Softmax-aware threshold',
  bits: 1,
  equation: String.raw`\hat{p}_{ij} = \mathbf{1}\!\left[p_{ij} \ge \tfrac{1}{4} \max_k p_{ik}\right] = \mathbf{1}\!\left[s_{ij} \ge \max_k s_{ik} - \ln 4\right], \qquad \frac{\partial \hat{p}}{\partial s} \approx \mathbf{1}[|s| < 1]`,
  source: 'BiViT, He et al., ICCV 2023, arXiv 2211.07091',
  forward: (score, { largest }) => (score >= largest + Math.log(SHARE) ? 1 : 0),
  surrogate: (score) => (Math.abs(score) < 1 ? 1 : 0),
};

export const softmaxAwareBinarizer: AttentionBinarizer = {
  id: 'softmax-aware',
  ...recordOf(softmaxAware),
  levels: 2,
  passNote:
    'Counted on the scores, |s| < 1: the released code of BiViT sends the gradient past the softmax straight to the scores.',
  binarize(head) {
    requireHead(head);
    const { scores, attention, tokens } = head;
    // The map is read for the forward, as the source has it; only the gradient looks at the scores.
    const forwardOf = (row: NumberRow) => {
      const threshold = SHARE * largestOf(row);
      return { forward: (p: number) => (p >= threshold ? 1 : 0), surrogate: ofScore };
    };
    return {
      ...binarizeEntries({ input: attention, tokens, parameters: [], ofRow: forwardOf }),
      passShare: passShareOf(scores, tokens, () => ({ surrogate: ofScore })),
    };
  },
  inModel: {
    ...WITHOUT_SCALES,
    apply: applySoftmaxAware,
    // Every row has its own threshold; the curve is that of the median one. The window is the same for all.
    sketch: ({ scores, tokens }) => {
      const largest = medianLargest(scores, tokens);
      const shown = [{ symbol: String.raw`\operatorname{median}_i \max_k s_{ik}`, value: largest }];
      return sketchOf(softmaxAware, { largest }, { reads: 'scores', shown, marks: [-1, 1, largest + Math.log(SHARE)] });
    },
  },
};

function ofScore(score: number): number {
  return softmaxAware.surrogate(score, { largest: 0 });
}

/**
 * `softmaxAware` on every row, with its gradient, which goes to the scores.
 *
 * @param attention [B, H, N, M], softmaxed
 * @param scores [B, H, N, M]
 */
export function applySoftmaxAware(attention: tf.Tensor4D, scores: tf.Tensor4D): Quantized {
  const integers = isFrom(attention, tf.mul(tf.max(attention, -1, true), SHARE));
  return { value: throughScores(scores, integers), levels: { integers, scale: unitScale() } };
}
