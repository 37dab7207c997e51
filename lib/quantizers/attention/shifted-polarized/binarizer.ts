/**
 * Attention without a softmax: 1 where a score reaches the threshold of its head.
 *
 *     forward   [s >= lambda]
 *     backward  1 where |s - lambda| < 1, else 0
 *     lambda    that whose map differs in the fewest entries of the head from where `elastic`, fitted likewise, is not 0; the highest of
 *               several
 *
 * From the source: one threshold on the scores for each head, which replaces softmax and elastic binarization (BiT), and outputs 0 and 1.
 * Chosen here: the fit of lambda, the window (that of `bool`, moved to lambda), and 1 at the threshold itself. With lambda = 0 it is `bool`.
 * Source: COBRA, Qiao et al., ICCAD 2025, arXiv 2504.16269 (Shifted Polarized Softmax).
 */
import { at } from '@/lib/math/number-row';
import type { AttentionBinarizer, AttentionHead } from '@/lib/quantizers/attention/binarizer';
import { throughScores } from '@/lib/quantizers/attention/bool/binarizer';
import { elasticParameters } from '@/lib/quantizers/attention/elastic/binarizer';
import { entrywise, largestOf } from '@/lib/quantizers/attention/entrywise';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import { SHIFTED_POLARIZED } from '@/lib/quantizers/attention/shifted-polarized/record';
import { scalesByHead, valuesByHead } from '@/lib/quantizers/by-head';
import { elastic } from '@/lib/quantizers/elastic';
import { perHead, type Quantizer } from '@/lib/quantizers/quantizer';
import { isFrom } from '@/lib/quantizers/steps';
import { tf } from '@/lib/tf';

export const shiftedPolarized: Quantizer<{ readonly lambda: number }> = {
  ...SHIFTED_POLARIZED,
  forward: (score, { lambda }) => (score >= lambda ? 1 : 0),
  surrogate: (score, { lambda }) => (Math.abs(score - lambda) < 1 ? 1 : 0),
};

export const shiftedPolarizedBinarizer: AttentionBinarizer<'lambda'> = {
  id: 'shifted-polarized',
  ...entrywise({
    quantizer: shiftedPolarized,
    reads: 'scores',
    scalesOf: fitThreshold,
    symbols: { lambda: String.raw`\lambda` },
    parametersOf: (scales) => scales,
    marksOf: ({ lambda }) => [lambda - 1, lambda, lambda + 1],
  }),
  fit({ attention, scores }, fit) {
    const scoresOf = valuesByHead(scores);
    const scales = scalesByHead(attention, (map, head) =>
      fitThreshold({ attention: map, scores: scoresOf[head] ?? [] }, fit),
    );
    return { kind: 'shifted-polarized', scales };
  },
  unit: (heads) => ({ kind: 'shifted-polarized', scales: { lambda: new Float32Array(heads) } }),
  apply({ scores }, { lambda }) {
    const threshold = perHead(lambda); // [1, H, 1, 1]
    return throughScores(scores, isFrom(scores, threshold), tf.sub<tf.Tensor4D>(scores, threshold));
  },
};

/** O(n log n). @returns a score of the head, or a number above all where its elastic map is empty */
export function fitThreshold(
  { attention, scores }: Pick<AttentionHead, 'attention' | 'scores'>,
  fit: BinarizerFit,
): { readonly lambda: number } {
  const parameters = elasticParameters(attention, fit);
  const descending = (isOn: boolean) =>
    Float64Array.from(scores)
      .filter((_, i) => elastic.forward(at(attention, i), parameters) > 0 === isOn)
      .sort()
      .reverse();
  const [on, off] = [descending(true), descending(false)];
  let best = { lambda: largestOf(scores) + 1, misses: on.length };
  let kept = 0; // of those that are off
  for (const [i, lambda] of on.entries()) {
    if (lambda === on[i + 1]) continue; // ties go on together
    while (kept < off.length && at(off, kept) >= lambda) kept++;
    const misses = on.length - (i + 1) + kept;
    if (misses < best.misses) best = { lambda, misses };
  }
  return { lambda: best.lambda };
}
