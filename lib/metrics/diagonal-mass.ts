import { at, matrixRow, type NumberRow } from '@/lib/math/number-row';
import { averageDefined, type Averaged } from '@/lib/metrics/averaged';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';
import { mass } from '@/lib/metrics/mass';

export const diagonalMassFormula: Formula = {
  id: 'diagonalMass',
  label: 'Mass on the diagonal',
  shortLabel: 'diagonal',
  range: [0, 1],
  unit: 'share',
  latex: '\\frac{p_{ii}}{\\sum_j p_{ij}}',
  source: {
    kind: 'derived',
    note: 'Measures the loss of the diagonal that Bi-ViT (arXiv 2305.12354) describes; the definition is this project’s.',
  },
  betterWhen: 'high',
  undefinedWhen: 'when the row has no mass or a negative entry',
};

/**
 * Share of a query's attention that stays on its own token.
 *
 *     p_ii / sum_j p_ij
 *
 * @param row [N], non-negative
 * @param query i, the row's place in its matrix
 * @returns in [0, 1]; 1 / N for a flat row; `null` when the row has no mass, a negative entry or one that is not finite
 * @throws RangeError when the query is outside the row
 */
export function diagonalMass(row: NumberRow, query: number): number | null {
  const own = at(row, query);
  const total = mass(row);
  return total === null ? null : own / total;
}

/** Mean of the diagonal mass over the rows of a flat [N, N] matrix where it is defined. */
export function massOnDiagonal(matrix: NumberRow, tokens: number): Averaged {
  const values = Array.from({ length: tokens }, (_, query) => diagonalMass(matrixRow(matrix, tokens, query), query));
  return averageDefined(values);
}

export function explainDiagonalMass(row: NumberRow, query: number): Explanation {
  const own = at(row, query);
  const total = mass(row);
  const result = diagonalMass(row, query);
  return {
    latex: `\\frac{${latexNumber(own)}}{${latexNumber(total)}} = ${latexNumber(result)}`,
    terms: [
      { symbol: 'p_{ii}', value: own },
      { symbol: '\\sum_j p_{ij}', value: total },
    ],
    result,
  };
}
