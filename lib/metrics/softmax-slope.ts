import { mean } from '@/lib/math/mean';
import type { NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';

export const softmaxSlopeFormula: Formula = {
  id: 'softmaxSlope',
  label: 'Mean softmax slope',
  shortLabel: 'p(1 − p)',
  range: [0, 0.25],
  unit: 'number',
  latex: '\\frac{1}{N} \\sum_j p_j (1 - p_j)',
  source: {
    kind: 'derived',
    note: 'Mean of the diagonal of the softmax Jacobian diag(p) - p pᵀ.',
  },
  betterWhen: 'high',
  undefinedWhen: 'when the row is empty or an entry lies outside [0, 1]',
};

/**
 * Mean of the softmax Jacobian's diagonal: how much of a gradient survives the softmax of a row.
 *
 *     mean_j p_j (1 - p_j)
 *
 * (N - 1) / N^2 for a flat row, towards 0 for a saturated one.
 *
 * @param attention p, softmaxed: entries in [0, 1]; not renormalized
 * @returns in [0, 1/4]; `null` for an empty row or an entry outside [0, 1]
 */
export function softmaxSlope(attention: NumberRow): number | null {
  const slopes: number[] = [];
  for (const p of attention) {
    if (!(p >= 0 && p <= 1)) return null;
    slopes.push(p * (1 - p));
  }
  return mean(slopes);
}

export function explainSoftmaxSlope(attention: NumberRow): Explanation {
  const result = softmaxSlope(attention);
  const sum = result === null ? null : result * attention.length;
  return {
    latex: `\\frac{${latexNumber(sum)}}{${attention.length}} = ${latexNumber(result)}`,
    terms: [
      { symbol: '\\sum_j p_j (1 - p_j)', value: sum },
      { symbol: 'N', value: attention.length },
    ],
    result,
  };
}
