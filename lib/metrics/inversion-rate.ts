import type { NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';
import { pairCounts, type PairCounts } from '@/lib/metrics/pair-counts';

export const inversionRateFormula: Formula = {
  id: 'inversionRate',
  label: 'Inversion rate',
  shortLabel: 'inversions',
  range: [0, 1],
  unit: 'share',
  latex: '\\frac{D}{C + D}',
  source: {
    kind: 'derived',
    note: 'Share of discordant pairs among those that both rows order: (1 - γ) / 2 for the γ of Goodman and Kruskal (doi:10.1080/01621459.1954.10501231).',
  },
  betterWhen: 'low',
  undefinedWhen: 'when no pair is ordered by both rows',
};

/**
 * Of the pairs that both rows order, the share that they order against each other.
 *
 *     D / (C + D)
 *
 * Ties leave the count entirely: a map with few distinct values may invert nothing and still order little, so read this
 * beside the tie share.
 *
 * @param teacher t, [N]
 * @param student s, [N]
 * @returns in [0, 1], 0 for a row against itself, 1/2 by chance; `null` when no pair is ordered by both, or a row holds NaN
 * @throws RangeError when the lengths differ
 */
export function inversionRate(teacher: NumberRow, student: NumberRow): number | null {
  const counts = pairCounts(teacher, student);
  return counts === null ? null : inversionRateOfCounts(counts);
}

/** The same from counts that are there already. */
export function inversionRateOfCounts({ concordant, discordant }: PairCounts): number | null {
  const ordered = concordant + discordant;
  return ordered === 0 ? null : discordant / ordered;
}

export function explainInversionRate(teacher: NumberRow, student: NumberRow): Explanation {
  const counts = pairCounts(teacher, student);
  const concordant = counts?.concordant ?? null;
  const discordant = counts?.discordant ?? null;
  const result = counts === null ? null : inversionRateOfCounts(counts);
  return {
    latex: `\\frac{${latexNumber(discordant)}}{${latexNumber(concordant)} + ${latexNumber(discordant)}} = ${latexNumber(result)}`,
    terms: [
      { symbol: 'D', value: discordant },
      { symbol: 'C', value: concordant },
    ],
    result,
  };
}
