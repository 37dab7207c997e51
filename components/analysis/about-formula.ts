import { metricCard } from '@/components/analysis/metric-card';
import type { AboutFormula } from '@/components/ui/about';
import type { Formula } from '@/lib/metrics/formula';

/** A metric's formula as the explanation of a panel takes it. */
export function aboutFormula(formula: Formula): AboutFormula & { readonly note: string } {
  const { title, latex, source } = metricCard(formula, null);
  return { label: title, latex, source, note: `Undefined ${formula.undefinedWhen}.` };
}
