/**
 * `signAlpha` on a softmaxed map, used without training: one alpha and one zero point a head.
 *
 *     official       sign(0) = 0, alpha = 2 mean p = 2 / N, z = 0.1 (min p + alpha), which rounds to 0: every positive entry becomes alpha
 *     least-squares  sign(0) = +1, z = -1, and the alpha of smallest squared error over the head; z = 0 never has a smaller one
 *
 * The official rows are constant: that is where the released code starts. Training then moves z^ to -1, where the map is {0, 2 alpha}
 * about the threshold alpha, which is `elastic` with twice the scale.
 * Source: Bi-ViT, arXiv 2305.12354, `ActBi` of the released code.
 */
import type { NumberRow } from '@/lib/math/number-row';
import { roundHalfEven } from '@/lib/math/round-half-even';
import type { AttentionBinarizer } from '@/lib/quantizers/attention/binarizer';
import { entrywise } from '@/lib/quantizers/attention/entrywise';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import { officialAlpha, positive, scalesByHead } from '@/lib/quantizers/by-head';
import { fitSignAlpha } from '@/lib/quantizers/fit-two-levels';
import { signAlpha, type SignAlphaParameters } from '@/lib/quantizers/sign-alpha';

export const signAlphaBinarizer: AttentionBinarizer<'alpha' | 'zeroPoint' | 'signOfZero'> = {
  id: 'sign-alpha',
  ...entrywise({
    quantizer: signAlpha,
    reads: 'attention',
    scalesOf({ attention }, fit) {
      const { alpha, zeroPoint } = startOf(attention, fit);
      return { alpha, zeroPoint: roundHalfEven(zeroPoint), signOfZero: signOfZeroOf(fit) };
    },
    symbols: { alpha: String.raw`\alpha`, zeroPoint: String.raw`\hat{z}` },
    parametersOf: ({ alpha, zeroPoint, signOfZero }): SignAlphaParameters => ({
      alpha,
      zeroPoint,
      signOfZero: signOfZero === 0 ? 0 : 1,
    }),
    marksOf: ({ alpha, zeroPoint }) => [-1, 0, 1].map((u) => alpha * (u - zeroPoint)),
  }),
  fit({ attention }, fit) {
    const { alpha, zeroPoint } = scalesByHead(attention, (map) => startOf(map, fit));
    return { kind: 'sign-alpha', alpha: alpha.map(positive), zeroPoint, signOfZero: signOfZeroOf(fit) };
  },
  unit(heads) {
    const [alpha, zeroPoint] = [new Float32Array(heads).fill(1), new Float32Array(heads).fill(0.1)];
    // z = 0.1 (min p + 1), which rounds to 0 whatever the smallest p is.
    return { kind: 'sign-alpha', alpha, zeroPoint, signOfZero: 0 };
  },
};

/** z real-valued. @param map of one head, over one picture or several */
function startOf(map: NumberRow, fit: BinarizerFit): { readonly alpha: number; readonly zeroPoint: number } {
  if (fit === 'least-squares') return { alpha: fitSignAlpha(map).alpha, zeroPoint: -1 };
  const alpha = officialAlpha(map);
  let smallest = Infinity;
  for (const p of map) smallest = Math.min(smallest, p);
  return { alpha, zeroPoint: 0.1 * (smallest + alpha) };
}

function signOfZeroOf(fit: BinarizerFit): 0 | 1 {
  return fit === 'official' ? 0 : 1;
}
