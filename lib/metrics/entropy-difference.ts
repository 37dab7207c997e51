import { requireSameLength, type NumberRow } from '@/lib/math/number-row';
import { entropy, entropyFormula } from '@/lib/metrics/entropy';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber, latexOperand } from '@/lib/metrics/latex-number';

export const entropyDifferenceFormula: Formula = {
  id: 'entropyDifference',
  label: 'Entropy difference',
  shortLabel: '|ΔH|',
  range: [0, 1],
  unit: 'share',
  latex: '\\lvert H(s) - H(t) \\rvert, \\quad H(p) = -\\frac{1}{\\ln N} \\sum_j p_j \\ln p_j',
  source: entropyFormula.source,
  betterWhen: 'low',
  undefinedWhen: 'when the entropy of either row is',
};

/**
 * How much flatter (positive) or sharper (negative) the student's row is than the teacher's.
 *
 *     H(s) - H(t),   H normalized by ln N
 *
 * @returns in [-1, 1], exactly 0 for a row against itself; `null` where either entropy is
 * @throws RangeError when the lengths differ
 */
export function entropyShift(teacher: NumberRow, student: NumberRow): number | null {
  requireSameLength(teacher, student);
  const before = entropy(teacher);
  const after = entropy(student);
  return before === null || after === null ? null : after - before;
}

/** The size of that shift, |H(s) - H(t)|, in [0, 1]: shifts of opposite sign do not cancel in a mean over rows. */
export function entropyDifference(teacher: NumberRow, student: NumberRow): number | null {
  const shift = entropyShift(teacher, student);
  return shift === null ? null : Math.abs(shift);
}

export function explainEntropyDifference(teacher: NumberRow, student: NumberRow): Explanation {
  const result = entropyDifference(teacher, student);
  const before = entropy(teacher);
  const after = entropy(student);
  return {
    latex: `\\lvert ${latexNumber(after)} - ${latexOperand(before)} \\rvert = ${latexNumber(result)}`,
    terms: [
      { symbol: 'H(t)', value: before },
      { symbol: 'H(s)', value: after },
    ],
    result,
  };
}
