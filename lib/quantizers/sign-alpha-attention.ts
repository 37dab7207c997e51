/**
 * `signAlpha` on a softmaxed map, used without training: one alpha and one zero point a head.
 *
 *     official       sign(0) = 0, alpha = 2 mean p = 2 / N,  z^ = round(0.1 (min p + alpha)) half to even, which is 0: every positive entry becomes alpha
 *     least-squares  sign(0) = +1, z^ = -1, and the alpha that leaves the smallest squared error over the head: with z^ = 0 it is never smaller
 *
 * The official rows are constant, and honestly so: they are where the released code starts. Training then moves z^ to -1, where the map
 * is {0, 2 alpha} about the threshold alpha, the very map of `elastic` with twice the scale.
 * Source: Bi-ViT, arXiv 2305.12354, `ActBi` of the released code.
 */
import { roundHalfEven } from '@/lib/math/round-half-even';
import {
  binarizeEntries,
  officialAlpha,
  recordOf,
  requireHead,
  withParameters,
  type AttentionBinarizer,
  type AttentionHead,
} from '@/lib/quantizers/attention-binarizer';
import { fitSignAlpha } from '@/lib/quantizers/fit-two-levels';
import { signAlpha, type SignAlphaParameters } from '@/lib/quantizers/sign-alpha';
import type { BinarizerFit } from '@/lib/quantizers/attention-binarizer';

export const signAlphaBinarizer: AttentionBinarizer = {
  id: 'sign-alpha',
  ...recordOf(signAlpha),
  // The third where p / alpha + z^ is 0, which the official sign keeps.
  levels: 3,
  passNote: null,
  inModel: null,
  binarize(head, fit) {
    requireHead(head);
    const parameters = signAlphaParameters(head, fit);
    return binarizeEntries({
      input: head.attention,
      tokens: head.tokens,
      parameters: [
        { symbol: String.raw`\alpha`, value: parameters.alpha },
        { symbol: String.raw`\hat{z}`, value: parameters.zeroPoint },
      ],
      ofRow: () => withParameters(signAlpha, parameters),
    });
  },
};

export function signAlphaParameters({ attention }: AttentionHead, fit: BinarizerFit): SignAlphaParameters {
  switch (fit) {
    case 'official': {
      const alpha = officialAlpha(attention);
      let smallest = Infinity;
      for (const p of attention) smallest = Math.min(smallest, p);
      return { alpha, zeroPoint: roundHalfEven(0.1 * (smallest + alpha)), signOfZero: 0 };
    }
    case 'least-squares':
      return { alpha: fitSignAlpha(attention).alpha, zeroPoint: -1, signOfZero: 1 };
  }
}
