import { maxAbs } from '@/lib/math/max-abs';
import { at, requireSameLength, type NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';

export const relativeFrobeniusFormula: Formula = {
  id: 'relativeFrobenius',
  label: 'Relative Frobenius error',
  shortLabel: 'rel. error',
  range: [0, null],
  unit: 'number',
  latex: '\\frac{\\lVert S - T \\rVert_F}{\\lVert T \\rVert_F}',
  source: {
    kind: 'book',
    citation: 'Golub, Van Loan. Matrix Computations. 4th edition, Johns Hopkins University Press, 2013',
    isbn: '978-1-4214-0794-4',
  },
  betterWhen: 'low',
  undefinedWhen: 'when the teacher is zero throughout',
};

/**
 * Frobenius norm of the error relative to the teacher's; unlike the cosine it does see a wrong alpha.
 *
 *     |S - T|_F / |T|_F
 *
 * @param teacher T, a row or a flat matrix
 * @param student S, of the same size
 * @returns at least 0, 1 for a student of zeros, exactly 0 for a map against itself; `null` when T is zero throughout or an
 *   entry is not finite
 * @throws RangeError when the sizes differ
 */
export function relativeFrobenius(teacher: NumberRow, student: NumberRow): number | null {
  return frobeniusParts(teacher, student).ratio;
}

export function explainRelativeFrobenius(teacher: NumberRow, student: NumberRow): Explanation {
  const { errorNorm, teacherNorm, ratio } = frobeniusParts(teacher, student);
  return {
    latex: `\\frac{${latexNumber(errorNorm)}}{${latexNumber(teacherNorm)}} = ${latexNumber(ratio)}`,
    terms: [
      { symbol: '\\lVert S - T \\rVert_F', value: errorNorm },
      { symbol: '\\lVert T \\rVert_F', value: teacherNorm },
    ],
    result: ratio,
  };
}

function frobeniusParts(teacher: NumberRow, student: NumberRow) {
  requireSameLength(teacher, student);
  // One scale for both, so that no square under- or overflows and the ratio is not touched.
  const scale = Math.max(maxAbs(teacher), maxAbs(student));
  let errorSquare = 0;
  let teacherSquare = 0;
  for (let i = 0; i < teacher.length && scale > 0; i++) {
    const t = at(teacher, i) / scale;
    errorSquare += (at(student, i) / scale - t) ** 2;
    teacherSquare += t * t;
  }
  const ratio = Math.sqrt(errorSquare / teacherSquare);
  return {
    errorNorm: Math.sqrt(errorSquare) * scale,
    teacherNorm: Math.sqrt(teacherSquare) * scale,
    ratio: Number.isFinite(ratio) ? ratio : null, // 0 / 0 and x / 0 included
  };
}
