import { at, requireSameLength, type NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber, latexOperand } from '@/lib/metrics/latex-number';
import { distribution } from '@/lib/metrics/mass';

export const jensenShannonFormula: Formula = {
  id: 'jensenShannon',
  label: 'Jensen-Shannon divergence',
  shortLabel: 'JS',
  range: [0, 1],
  unit: 'bits',
  latex:
    '\\mathrm{JS}(t, s) = \\tfrac12 \\sum_j t_j \\log_2 \\frac{t_j}{m_j} + \\tfrac12 \\sum_j s_j \\log_2 \\frac{s_j}{m_j}, \\quad m = \\tfrac12 (t + s)',
  source: {
    kind: 'publication',
    citation:
      'Lin. Divergence measures based on the Shannon entropy. IEEE Transactions on Information Theory 37(1), 1991',
    doi: '10.1109/18.61115',
  },
  betterWhen: 'low',
  undefinedWhen: 'when either row has no mass or a negative entry',
};

/**
 * Jensen-Shannon divergence of two rows, in bits.
 *
 *     (KL(t || m) + KL(s || m)) / 2,   m = (t + s) / 2,   both rows renormalized to sum 1
 *
 * Symmetric, and bounded without any epsilon: m_j is positive wherever t_j or s_j is. Its root is a metric, which is what
 * SciPy's `jensenshannon` returns.
 *
 * @param teacher t, [N], non-negative
 * @param student s, [N], non-negative; a scale on either row is not seen
 * @returns in [0, 1], 0 for a row against itself, 1 for rows without a common entry; `null` when either row has no mass, a
 *   negative entry, or one that is not finite
 * @throws RangeError when the lengths differ
 */
export function jensenShannon(teacher: NumberRow, student: NumberRow): number | null {
  const parts = divergences(teacher, student);
  return parts === null ? null : parts.divergence;
}

/** The same with the natural logarithm, in [0, ln 2]. */
export function jensenShannonNats(teacher: NumberRow, student: NumberRow): number | null {
  const bits = jensenShannon(teacher, student);
  return bits === null ? null : bits * Math.LN2;
}

export function explainJensenShannon(teacher: NumberRow, student: NumberRow): Explanation {
  const parts = divergences(teacher, student);
  const fromTeacher = parts?.fromTeacher ?? null;
  const fromStudent = parts?.fromStudent ?? null;
  const result = parts?.divergence ?? null;
  return {
    latex: `\\tfrac12 \\cdot ${latexOperand(fromTeacher)} + \\tfrac12 \\cdot ${latexOperand(fromStudent)} = ${latexNumber(result)}`,
    terms: [
      { symbol: '\\sum_j t_j \\log_2 (t_j / m_j)', value: fromTeacher },
      { symbol: '\\sum_j s_j \\log_2 (s_j / m_j)', value: fromStudent },
    ],
    result,
  };
}

interface Divergences {
  readonly fromTeacher: number;
  readonly fromStudent: number;
  readonly divergence: number;
}

function divergences(teacher: NumberRow, student: NumberRow): Divergences | null {
  requireSameLength(teacher, student);
  const t = distribution(teacher);
  const s = distribution(student);
  if (t === null || s === null) return null;
  let fromTeacher = 0;
  let fromStudent = 0;
  for (let j = 0; j < t.length; j++) {
    const p = at(t, j);
    const q = at(s, j);
    const middle = (p + q) / 2; // added first: 2p / 2 is exactly p, down to the smallest number there is
    if (middle === 0) continue;
    if (p > 0) fromTeacher += p * Math.log2(p / middle);
    if (q > 0) fromStudent += q * Math.log2(q / middle);
  }
  // Rounding may leave [0, 1] by one unit in the last place at either end.
  return { fromTeacher, fromStudent, divergence: Math.min(1, Math.max(0, (fromTeacher + fromStudent) / 2)) };
}
