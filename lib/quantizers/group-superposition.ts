/**
 * Three binary maps on top of each other: the elastic one, and two that lift what comes near the row's largest.
 *
 *     forward   a1 round(clip(p / a1, 0, 1)) + a2 [p > 0.7 max] + a3 [p > 0.9 max]
 *     backward  [0 <= p / a1 <= 1] + a2 [p > 0.7 max] + a3 [p > 0.9 max]
 *
 * max is the row's. (The released code of GSB takes that of the whole tensor; its authors' later code for BHViT takes the row's.)
 * Three binary maps, so three bits an entry; at most six values, since an entry near the largest of a flat row may miss the first map.
 * Used without training a1..a3 come from a joint least-squares fit over the head, whichever start the others take: `fit-superposition.ts`.
 *
 * Source: GSB, Gao et al., Neural Networks 2024, arXiv 2305.07931; the surrogate is that of its released code.
 */
import {
  binarizeEntries,
  largestOf,
  recordOf,
  requireHead,
  withParameters,
  type AttentionBinarizer,
} from '@/lib/quantizers/attention-binarizer';
import { elastic } from '@/lib/quantizers/elastic';
import { fitSuperposition, HIGH, HIGHEST } from '@/lib/quantizers/fit-superposition';
import type { Quantizer } from '@/lib/quantizers/quantizer';

export interface GroupSuperpositionParameters {
  readonly a1: number;
  readonly a2: number;
  readonly a3: number;
  /** Of the row. */
  readonly largest: number;
}

export const groupSuperposition: Quantizer<GroupSuperpositionParameters> = {
  name: 'Group superposition',
  bits: 3,
  equation: String.raw`\hat{p} = a_1 \left\lfloor \operatorname{clip}\!\left(\tfrac{p}{a_1}, 0, 1\right) \right\rceil + a_2 \mathbf{1}[p > 0.7\, p_{\max}] + a_3 \mathbf{1}[p > 0.9\, p_{\max}], \qquad \frac{\partial \hat{p}}{\partial p} \approx \mathbf{1}\!\left[0 \le \tfrac{p}{a_1} \le 1\right] + a_2 \mathbf{1}[p > 0.7\, p_{\max}] + a_3 \mathbf{1}[p > 0.9\, p_{\max}]`,
  source: 'GSB, Gao et al., Neural Networks 2024, arXiv 2305.07931',
  forward: (p, parameters) => elastic.forward(p, { alpha: parameters.a1 }) + lift(p, parameters),
  surrogate: (p, parameters) => elastic.surrogate(p, { alpha: parameters.a1 }) + lift(p, parameters),
};

function lift(p: number, { a2, a3, largest }: GroupSuperpositionParameters): number {
  return (p > HIGH * largest ? a2 : 0) + (p > HIGHEST * largest ? a3 : 0);
}

export const groupSuperpositionBinarizer: AttentionBinarizer = {
  id: 'group-superposition',
  ...recordOf(groupSuperposition),
  levels: 6,
  passNote: null,
  binarize(head) {
    requireHead(head);
    const { attention, tokens } = head;
    const { a1, a2, a3 } = fitSuperposition(attention, tokens);
    return binarizeEntries({
      input: attention,
      tokens,
      parameters: [
        { symbol: 'a_1', value: a1 },
        { symbol: 'a_2', value: a2 },
        { symbol: 'a_3', value: a3 },
      ],
      ofRow: (row) => {
        const parameters = { a1, a2, a3, largest: largestOf(row) };
        return withParameters(groupSuperposition, parameters);
      },
    });
  },
};
