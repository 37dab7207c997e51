import { at, requireSameLength, type NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber, latexOperand } from '@/lib/metrics/latex-number';
import { distribution } from '@/lib/metrics/mass';

/**
 * Added to every entry before the last renormalization, so that a student's zero does not make the divergence infinite.
 * Below what float32 resolves next to a probability of 1; still, on a binarized row the result is largely made of
 * ln(1 / epsilon), which is why Jensen-Shannon stands in the matrix and this one beside it.
 */
export const kullbackLeiblerEpsilon = 1e-8;

export const kullbackLeiblerFormula: Formula = {
  id: 'kullbackLeibler',
  label: 'Kullback-Leibler divergence',
  shortLabel: 'KL',
  range: [0, null],
  unit: 'nats',
  latex:
    'D(t \\Vert s) = \\sum_j \\tilde t_j \\ln \\frac{\\tilde t_j}{\\tilde s_j}, \\quad \\tilde x_j = \\frac{x_j / \\sum_k x_k + \\varepsilon}{1 + N \\varepsilon}, \\quad \\varepsilon = 10^{-8}',
  source: {
    kind: 'publication',
    citation: 'Kullback, Leibler. On information and sufficiency. Annals of Mathematical Statistics 22(1), 1951',
    doi: '10.1214/aoms/1177729694',
  },
  betterWhen: 'low',
  undefinedWhen: 'when either row has no mass or a negative entry',
};

/**
 * Kullback-Leibler divergence of the student's row from the teacher's, natural logarithm.
 *
 *     sum_j t~_j ln(t~_j / s~_j),   x~_j = (x_j / sum x + epsilon) / (1 + N epsilon)
 *
 * Not symmetric.
 *
 * @param teacher t, [N], non-negative
 * @param student s, [N], non-negative; both rows are renormalized, a scale on either is not seen
 * @returns in [0, ln(1 / epsilon) + small], exactly 0 for a row against itself; `null` when either row has no mass, a negative
 *   entry, or one that is not finite
 * @throws RangeError when the lengths differ
 */
export function kullbackLeibler(
  teacher: NumberRow,
  student: NumberRow,
  epsilon: number = kullbackLeiblerEpsilon,
): number | null {
  return divergenceParts(teacher, student, epsilon)?.divergence ?? null;
}

export function explainKullbackLeibler(teacher: NumberRow, student: NumberRow): Explanation {
  const parts = divergenceParts(teacher, student, kullbackLeiblerEpsilon);
  const result = parts?.divergence ?? null;
  const cross = parts?.crossEntropy ?? null;
  const own = parts?.entropy ?? null;
  return {
    latex: `-\\sum_j \\tilde t_j \\ln \\tilde s_j + \\sum_j \\tilde t_j \\ln \\tilde t_j = ${latexNumber(cross)} - ${latexOperand(own)} = ${latexNumber(result)}`,
    terms: [
      { symbol: '-\\sum_j \\tilde t_j \\ln \\tilde s_j', value: cross },
      { symbol: '-\\sum_j \\tilde t_j \\ln \\tilde t_j', value: own },
      { symbol: '\\varepsilon', value: kullbackLeiblerEpsilon },
    ],
    result,
  };
}

interface DivergenceParts {
  readonly crossEntropy: number;
  readonly entropy: number;
  readonly divergence: number;
}

function divergenceParts(teacher: NumberRow, student: NumberRow, epsilon: number): DivergenceParts | null {
  requireSameLength(teacher, student);
  const t = distribution(teacher);
  const s = distribution(student);
  if (t === null || s === null) return null;
  const total = 1 + t.length * epsilon;
  let crossEntropy = 0;
  let entropy = 0;
  let divergence = 0;
  for (let j = 0; j < t.length; j++) {
    const p = (at(t, j) + epsilon) / total;
    const q = (at(s, j) + epsilon) / total;
    if (p === 0) continue; // only with epsilon = 0, where 0 ln 0 = 0
    crossEntropy -= p * Math.log(q);
    entropy -= p * Math.log(p);
    divergence += p * Math.log(p / q);
  }
  // The sum of positive and negative terms can end a rounding error below 0.
  return Number.isFinite(divergence) ? { crossEntropy, entropy, divergence: Math.max(0, divergence) } : null;
}
