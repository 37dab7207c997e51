import type { FormulaCardProps, FormulaTerm } from '@/components/ui/formula-card';
import { sourceUrl, type Explanation, type Formula } from '@/lib/metrics/formula';
import { NOT_AVAILABLE } from '@/lib/viz/format';

type MetricCard = FormulaCardProps & { readonly source: NonNullable<FormulaCardProps['source']> };

/**
 * A metric's formula and its values, as the card behind a number takes them.
 */
export function metricCard(formula: Formula, explanation: Explanation | null, note?: string): MetricCard {
  return {
    title: formula.label,
    latex: formula.latex,
    source: { text: sourceText(formula), url: sourceUrl(formula) },
    ...(explanation === null ? {} : { substituted: explanation.latex, terms: explanation.terms.map(term) }),
    ...(note === undefined ? {} : { note }),
  };
}

function term({ symbol, value }: Explanation['terms'][number]): FormulaTerm {
  return { symbol, value: value === null ? NOT_AVAILABLE : formatTerm(value) };
}

/** Counts to the last digit, everything else to four significant ones. */
export function formatTerm(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

function sourceText({ source }: Formula): string {
  return source.kind === 'derived' ? `This project’s own. ${source.note}` : source.citation;
}
