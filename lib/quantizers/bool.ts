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
  withParameters,
  type AttentionBinarizer,
} from '@/lib/quantizers/attention-binarizer';
import type { Quantizer } from '@/lib/quantizers/quantizer';

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
};
