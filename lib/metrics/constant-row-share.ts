import { at, matrixRow, type NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';

export const constantRowShareFormula: Formula = {
  id: 'constantRowShare',
  label: 'Share of constant rows',
  shortLabel: 'constant',
  range: [0, 1],
  unit: 'share',
  latex: '\\frac{1}{N} \\, \\#\\{ i : p_{i1} = p_{i2} = \\dots = p_{iN} \\}',
  source: {
    kind: 'derived',
    note: 'Counts the queries whose attention distinguishes nothing; the definition is this project’s.',
  },
  betterWhen: 'low',
  undefinedWhen: 'when there are no rows, or a row has fewer than two entries',
};

/** Whether all entries are exactly equal: such a row ranks nothing. A row with NaN is not constant. */
export function isConstantRow(row: NumberRow): boolean {
  if (row.length === 0) return false;
  const first = at(row, 0);
  for (const value of row) if (value !== first) return false;
  return true;
}

/**
 * Share of rows whose entries are all exactly equal.
 *
 * @param matrix flat row-major [rows, columns]; the maps of several heads may follow each other
 * @param columns N, the length of a row
 * @returns in [0, 1]; `null` without rows, or for columns < 2 (a single entry is trivially constant)
 * @throws RangeError when the matrix does not consist of whole rows
 */
export function constantRowShare(matrix: NumberRow, columns: number): number | null {
  const { constant, rows } = countConstantRows(matrix, columns);
  return rows === 0 || columns < 2 ? null : constant / rows;
}

export function explainConstantRowShare(matrix: NumberRow, columns: number): Explanation {
  const { constant, rows } = countConstantRows(matrix, columns);
  const result = constantRowShare(matrix, columns);
  return {
    latex: `\\frac{${constant}}{${rows}} = ${latexNumber(result)}`,
    terms: [
      { symbol: '\\text{constant rows}', value: constant },
      { symbol: '\\text{rows}', value: rows },
    ],
    result,
  };
}

function countConstantRows(matrix: NumberRow, columns: number) {
  if (!Number.isInteger(columns) || columns < 1 || matrix.length % columns !== 0) {
    throw new RangeError(`${matrix.length} entries are not rows of ${columns}`);
  }
  const rows = matrix.length / columns;
  let constant = 0;
  for (let i = 0; i < rows; i++) if (isConstantRow(matrixRow(matrix, columns, i))) constant++;
  return { constant, rows };
}
