import { at, type NumberRow } from '@/lib/math/number-row';
import { softmax } from '@/lib/math/softmax';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber, latexOperand } from '@/lib/metrics/latex-number';

const definition = '\\frac{e^{z_j}}{\\sum_k e^{z_k}}';

/** One entry of an attention row, from the scores before the softmax. */
export const attentionEntryFormula: Formula = {
  id: 'attentionEntry',
  label: 'Attention',
  shortLabel: 'p',
  range: [0, 1],
  unit: 'share',
  latex: `p_j = ${definition}, \\quad z = \\frac{q \\cdot k_j}{\\sqrt{d}}`,
  source: { kind: 'paper', citation: 'Vaswani et al. Attention is all you need. NeurIPS 2017', arxiv: '1706.03762' },
  betterWhen: 'high',
  undefinedWhen: 'when a score is not finite',
};

/** The probability of one class, from the logits. */
export const classProbabilityFormula: Formula = {
  id: 'classProbability',
  label: 'Class probability',
  shortLabel: 'p',
  range: [0, 1],
  unit: 'share',
  latex: `p_j = ${definition}`,
  source: {
    kind: 'publication',
    citation:
      'Bridle. Probabilistic interpretation of feedforward classification network outputs. Neurocomputing, NATO ASI F68, 1990',
    doi: '10.1007/978-3-642-76153-9_28',
  },
  betterWhen: 'high',
  undefinedWhen: 'when a logit is not finite',
};

/**
 * The softmaxed row, or `null` where it is undefined: a broken checkpoint gives NaN, and a panel shows that as such.
 *
 * @param scores z, [N]
 * @returns p, [N], summing to 1
 */
export function softmaxRow(scores: NumberRow): Float64Array | null {
  return scores.length > 0 && scores.every(Number.isFinite) ? softmax(scores) : null;
}

/**
 * One entry of a softmaxed row with its values put in.
 *
 * The scores are shifted by their maximum, as they are when it is computed: e^{z_j - m} / sum_k e^{z_k - m}.
 *
 * @throws RangeError when the index is outside the row
 */
export function explainSoftmaxEntry(scores: NumberRow, index: number): Explanation {
  const score = at(scores, index);
  const row = softmaxRow(scores);
  if (row === null) {
    return { latex: '\\text{undefined}', terms: [{ symbol: 'z_j', value: null }], result: null };
  }
  const values = Float64Array.from(scores); // the union of row types has no common `reduce`
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
  const result = at(row, index);
  return {
    latex: `\\frac{e^{${latexNumber(score)} - ${latexOperand(largest)}}}{${latexNumber(sum)}} = ${latexNumber(result)}`,
    terms: [
      { symbol: 'z_j', value: score },
      { symbol: 'm = \\max_k z_k', value: largest },
      { symbol: '\\sum_k e^{z_k - m}', value: sum },
    ],
    result,
  };
}
