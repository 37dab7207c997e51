import type { FormulaCardProps } from '@/components/ui/formula-card';
import { metricCard } from '@/components/analysis/metric-card';
import type { Formula, Explanation } from '@/lib/metrics/formula';
import { pairMetrics, rowMetrics, type PairMetricId, type RowContext, type RowMetricId } from '@/lib/metrics/registry';
import { formatFixed } from '@/lib/viz/format';

/**
 * The numbers of one attention row, each with its formula and its values.
 */
export interface RowNumber {
  readonly text: string;
  readonly card: FormulaCardProps;
}

export const ROW_PAIR_METRICS = [
  'cosine',
  'jensenShannon',
  'tauB',
  'topKOverlap',
  'entropyDifference',
] as const satisfies readonly PairMetricId[];
export const ROW_OWN_METRICS = ['tieShare', 'entropy', 'diagonalMass'] as const satisfies readonly RowMetricId[];

/** A student's row against the teacher's. */
export function pairNumber(
  id: PairMetricId,
  teacher: Float32Array,
  student: Float32Array,
  context: RowContext,
  where: string,
): RowNumber {
  const { formula, explain } = pairMetrics[id];
  return rowNumber(formula, explain(teacher, student, context), where);
}

/** One row by itself. */
export function ownNumber(id: RowMetricId, row: Float32Array, context: RowContext, where: string): RowNumber {
  const { formula, explain } = rowMetrics[id];
  return rowNumber(formula, explain(row, context), where);
}

function rowNumber(formula: Formula, explanation: Explanation, where: string): RowNumber {
  const why = explanation.result === null ? ` Undefined here: it is so ${formula.undefinedWhen}.` : '';
  return { text: formatFixed(explanation.result, 3), card: metricCard(formula, explanation, `${where}.${why}`) };
}
