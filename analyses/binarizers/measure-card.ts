import { MEASURES } from '@/analyses/binarizers/binarizer-measures';
import type { BinarizedRow, MeasureId } from '@/analyses/binarizers/protocol';
import { metricCard } from '@/components/analysis/metric-card';
import type { FormulaCardProps } from '@/components/ui/formula-card';
import { latexNumber } from '@/lib/metrics/latex-number';
import { pairMetrics, type RowContext } from '@/lib/metrics/registry';
import { binarizerRecord } from '@/lib/quantizers/attention/records';
import { formatNumber } from '@/lib/viz/format';

/**
 * The formula behind one number of a binarized row, with that row's values in it.
 *
 * @param attention the row before
 */
export function measureCard(
  id: MeasureId,
  row: BinarizedRow,
  attention: Float32Array,
  context: RowContext,
  where: string,
): FormulaCardProps {
  const { name, passNote } = binarizerRecord(row.id);
  const note = `${name}, ${where}.`;
  if (id === 'tauB') {
    const { formula, explain } = pairMetrics.tauB;
    const explanation = explain(attention, row.values, context);
    const why = explanation.result === null ? ` Undefined ${formula.undefinedWhen}.` : '';
    return metricCard(formula, explanation, `${note} t is the row before, s the row after.${why}`);
  }
  const { formula } = MEASURES[id];
  const common = { title: formula.label, latex: formula.latex, source: formula.source };
  switch (id) {
    case 'density': {
      const on = row.values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
      const substituted = String.raw`\frac{${on}}{${row.values.length}} = ${latexNumber(row.density)}`;
      return { ...common, substituted, note };
    }
    case 'error': {
      const lost = lengthOf(row.values.map((value, key) => value - (attention[key] ?? 0)));
      const terms = [
        { symbol: String.raw`\lVert \hat{p} - p \rVert_2`, value: formatNumber(lost, 4) },
        { symbol: String.raw`\lVert p \rVert_2`, value: formatNumber(lengthOf(attention), 4) },
      ];
      return { ...common, terms, note };
    }
    case 'passShare':
      return { ...common, note: passNote === null ? note : `${note} ${passNote}` };
    default:
      return id satisfies never;
  }
}

/** Euclidean norm. */
function lengthOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
