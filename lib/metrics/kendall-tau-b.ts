import type { NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';
import { pairCounts, type PairCounts } from '@/lib/metrics/pair-counts';

export const kendallTauBFormula: Formula = {
  id: 'tauB',
  label: 'Kendall’s tau-b',
  shortLabel: 'τ-b',
  range: [-1, 1],
  unit: 'number',
  latex: '\\tau_b = \\frac{C - D}{\\sqrt{(n_0 - n_1)(n_0 - n_2)}}',
  source: {
    kind: 'publication',
    citation: 'Kendall. The treatment of ties in ranking problems. Biometrika 33(3), 1945',
    doi: '10.1093/biomet/33.3.239',
  },
  betterWhen: 'high',
  undefinedWhen: 'when either row is constant',
};

/**
 * Rank correlation of two rows that allows for ties; O(N log N).
 *
 *     tau_b = (C - D) / sqrt((n0 - n1) (n0 - n2))
 *
 * C and D count concordant and discordant pairs, n0 all pairs, n1 and n2 those tied in t and in s. The plain tau would
 * put n0 below the line and so punish a binarized row for its ties alone.
 *
 * @param teacher t, [N]
 * @param student s, [N]
 * @returns in [-1, 1], exactly 1 for a row against itself; `null` when either row is constant (no pair is ordered), shorter
 *   than 2, or holds NaN
 * @throws RangeError when the lengths differ
 */
export function kendallTauB(teacher: NumberRow, student: NumberRow): number | null {
  const counts = pairCounts(teacher, student);
  return counts === null ? null : tauBOfCounts(counts);
}

/** The same from counts that are there already. */
export function tauBOfCounts(counts: PairCounts): number | null {
  const { total, concordant, discordant, teacherTied, studentTied } = counts;
  const product = (total - teacherTied) * (total - studentTied);
  if (product === 0) return null;
  return Math.min(1, Math.max(-1, (concordant - discordant) / Math.sqrt(product)));
}

export function explainKendallTauB(teacher: NumberRow, student: NumberRow): Explanation {
  const counts = pairCounts(teacher, student);
  const result = counts === null ? null : tauBOfCounts(counts);
  const [c, d, n0, n1, n2] = [
    counts?.concordant ?? null,
    counts?.discordant ?? null,
    counts?.total ?? null,
    counts?.teacherTied ?? null,
    counts?.studentTied ?? null,
  ];
  const [C, D, N0, N1, N2] = [c, d, n0, n1, n2].map(latexNumber);
  return {
    latex: `\\frac{${C} - ${D}}{\\sqrt{(${N0} - ${N1})(${N0} - ${N2})}} = ${latexNumber(result)}`,
    terms: [
      { symbol: 'C', value: c },
      { symbol: 'D', value: d },
      { symbol: 'n_0', value: n0 },
      { symbol: 'n_1', value: n1 },
      { symbol: 'n_2', value: n2 },
    ],
    result,
  };
}
