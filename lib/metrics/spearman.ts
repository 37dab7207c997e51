import { averageRanks } from '@/lib/math/average-ranks';
import { at, requireSameLength, type NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';

export const spearmanFormula: Formula = {
  id: 'spearman',
  label: 'Spearman’s rho',
  shortLabel: 'ρ',
  range: [-1, 1],
  unit: 'number',
  latex:
    '\\rho = \\frac{\\sum_j (r_j - \\bar r)(q_j - \\bar r)}{\\sqrt{\\sum_j (r_j - \\bar r)^2 \\sum_j (q_j - \\bar r)^2}}, \\quad \\bar r = \\tfrac{N + 1}{2}',
  source: {
    kind: 'publication',
    citation:
      'Spearman. The proof and measurement of association between two things. American Journal of Psychology 15(1), 1904',
    doi: '10.2307/1412159',
  },
  betterWhen: 'high',
  undefinedWhen: 'when either row is constant',
};

/**
 * Pearson correlation of the ranks r of t and q of s, tied values sharing the mean of their places; O(N log N).
 *
 * @param teacher t, [N]
 * @param student s, [N]
 * @returns in [-1, 1], exactly 1 for a row against itself; `null` when either row is constant, shorter than 2, or holds NaN
 * @throws RangeError when the lengths differ
 */
export function spearman(teacher: NumberRow, student: NumberRow): number | null {
  return rankMoments(teacher, student)?.rho ?? null;
}

/** The same from average ranks that are there already. */
export function spearmanOfRanks(teacherRanks: Float64Array, studentRanks: Float64Array): number | null {
  return momentsOfRanks(teacherRanks, studentRanks).rho;
}

export function explainSpearman(teacher: NumberRow, student: NumberRow): Explanation {
  const moments = rankMoments(teacher, student);
  const covariance = moments?.covariance ?? null;
  const ofTeacher = moments?.ofTeacher ?? null;
  const ofStudent = moments?.ofStudent ?? null;
  const result = moments?.rho ?? null;
  return {
    latex: `\\frac{${latexNumber(covariance)}}{\\sqrt{${latexNumber(ofTeacher)} \\cdot ${latexNumber(ofStudent)}}} = ${latexNumber(result)}`,
    terms: [
      { symbol: '\\sum_j (r_j - \\bar r)(q_j - \\bar r)', value: covariance },
      { symbol: '\\sum_j (r_j - \\bar r)^2', value: ofTeacher },
      { symbol: '\\sum_j (q_j - \\bar r)^2', value: ofStudent },
    ],
    result,
  };
}

function rankMoments(teacher: NumberRow, student: NumberRow) {
  requireSameLength(teacher, student);
  const r = averageRanks(teacher);
  const q = averageRanks(student);
  return r === null || q === null ? null : momentsOfRanks(r, q);
}

function momentsOfRanks(r: Float64Array, q: Float64Array) {
  const middle = (r.length + 1) / 2; // the mean rank, with or without ties
  let covariance = 0;
  let ofTeacher = 0;
  let ofStudent = 0;
  for (let j = 0; j < r.length; j++) {
    const x = at(r, j) - middle;
    const y = at(q, j) - middle;
    covariance += x * y;
    ofTeacher += x * x;
    ofStudent += y * y;
  }
  const product = ofTeacher * ofStudent;
  const rho = product === 0 ? null : Math.min(1, Math.max(-1, covariance / Math.sqrt(product)));
  return { covariance, ofTeacher, ofStudent, rho };
}
