/**
 * A threshold for each row: 1 where the attention reaches a quarter of the row's largest.
 *
 *     forward   [p_j >= max(p) / 4], which is [s_j >= max(s) - ln 4] on the scores: the softmax's denominator drops out
 *     backward  1 where |s| < 1, else 0: the released code, too, sends the gradient past the softmax
 *
 * The scalar form takes a score. Source: BiViT, He et al., ICCV 2023, arXiv 2211.07091, and its released code; SI-BiViT, ACM MM 2024,
 * keeps it.
 */
import { requireHead, withoutScales, type AttentionBinarizer } from '@/lib/quantizers/attention/binarizer';
import { throughScores } from '@/lib/quantizers/attention/bool/binarizer';
import { entrywise, largestOf, mapRows, passShareOf } from '@/lib/quantizers/attention/entrywise';
import { SOFTMAX_AWARE } from '@/lib/quantizers/attention/softmax-aware/record';
import type { Quantizer } from '@/lib/quantizers/quantizer';
import { isFrom } from '@/lib/quantizers/steps';
import { tf } from '@/lib/tf';

/** Share of the largest attention that still counts. */
const SHARE = 0.25;

export const softmaxAware: Quantizer<{ /** Score of the row. */ readonly largest: number }> = {
  ...SOFTMAX_AWARE,
  forward: (score, { largest }) => (score >= largest + Math.log(SHARE) ? 1 : 0),
  surrogate: (score) => (Math.abs(score) < 1 ? 1 : 0),
};

export const softmaxAwareBinarizer: AttentionBinarizer<never> = {
  id: 'softmax-aware',
  ...entrywise({
    quantizer: softmaxAware,
    reads: 'scores',
    scalesOf: () => ({}),
    symbols: {},
    parametersOf: (_, largest) => ({ largest }),
    marksOf: (_, largest) => [-1, 1, largest + Math.log(SHARE)],
    largest: String.raw`\operatorname{median}_i \max_k s_{ik}`,
  }),
  /** The forward reads the map, as in the source; only the gradient reads the scores. */
  binarize(head) {
    requireHead(head);
    const { scores, attention, tokens } = head;
    const values = mapRows(attention, tokens, (row) => {
      const threshold = SHARE * largestOf(row);
      return (p) => (p >= threshold ? 1 : 0);
    });
    const surrogate = (score: number) => softmaxAware.surrogate(score, { largest: 0 });
    return { values, parameters: [], passShare: passShareOf(scores, tokens, () => surrogate) };
  },
  ...withoutScales('softmax-aware'),
  apply: ({ attention, scores }) =>
    throughScores(scores, isFrom(attention, tf.mul(tf.max(attention, -1, true), SHARE))),
};
