import { maxAbs } from '@/lib/math/max-abs';
import { at, requireSameLength, type NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber, latexOperand } from '@/lib/metrics/latex-number';

export const cosineFormula: Formula = {
  id: 'cosine',
  label: 'Cosine similarity',
  shortLabel: 'cosine',
  range: [-1, 1],
  unit: 'number',
  latex: '\\cos(t, s) = \\frac{t \\cdot s}{\\lVert t \\rVert \\, \\lVert s \\rVert}',
  source: {
    kind: 'publication',
    citation: 'Salton, Wong, Yang. A vector space model for automatic indexing. Communications of the ACM 18(11), 1975',
    doi: '10.1145/361219.361220',
  },
  betterWhen: 'high',
  undefinedWhen: 'when either row is zero throughout',
};

interface CosineParts {
  readonly dot: number;
  readonly teacherNorm: number;
  readonly studentNorm: number;
  readonly cosine: number | null;
}

/**
 * Cosine of the angle between two rows; blind to their lengths, so a wrong alpha does not show in it.
 *
 *     t . s / (|t| |s|)
 *
 * @param teacher t, [N]
 * @param student s, [N]
 * @returns in [-1, 1], exactly 1 for a row against itself; `null` when either norm is 0 or an entry is not finite
 * @throws RangeError when the lengths differ
 */
export function cosine(teacher: NumberRow, student: NumberRow): number | null {
  return cosineParts(teacher, student).cosine;
}

export function explainCosine(teacher: NumberRow, student: NumberRow): Explanation {
  const { dot, teacherNorm, studentNorm, cosine: result } = cosineParts(teacher, student);
  return {
    latex: `\\frac{${latexNumber(dot)}}{${latexOperand(teacherNorm)} \\cdot ${latexOperand(studentNorm)}} = ${latexNumber(result)}`,
    terms: [
      { symbol: 't \\cdot s', value: dot },
      { symbol: '\\lVert t \\rVert', value: teacherNorm },
      { symbol: '\\lVert s \\rVert', value: studentNorm },
    ],
    result,
  };
}

function cosineParts(teacher: NumberRow, student: NumberRow): CosineParts {
  requireSameLength(teacher, student);
  // Dividing by the largest magnitude first keeps the squares clear of under- and overflow.
  const teacherScale = maxAbs(teacher);
  const studentScale = maxAbs(student);
  if (teacherScale === 0 || studentScale === 0) {
    return { dot: 0, teacherNorm: teacherScale, studentNorm: studentScale, cosine: null };
  }
  let dot = 0;
  let teacherSquare = 0;
  let studentSquare = 0;
  for (let i = 0; i < teacher.length; i++) {
    const t = at(teacher, i) / teacherScale;
    const s = at(student, i) / studentScale;
    dot += t * s;
    teacherSquare += t * t;
    studentSquare += s * s;
  }
  // One root of the product, not two roots: sqrt(x * x) is exactly x, so a row against itself gives exactly 1.
  const ratio = dot / Math.sqrt(teacherSquare * studentSquare);
  return {
    dot: dot * teacherScale * studentScale,
    teacherNorm: Math.sqrt(teacherSquare) * teacherScale,
    studentNorm: Math.sqrt(studentSquare) * studentScale,
    cosine: Number.isFinite(ratio) ? Math.min(1, Math.max(-1, ratio)) : null,
  };
}
