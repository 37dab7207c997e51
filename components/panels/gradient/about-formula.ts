import { metricCard } from '@/components/panels/metric-card';
import type { AboutFormula } from '@/components/ui/about';
import type { Formula } from '@/lib/metrics/formula';

/** A metric's formula as the explanation of a panel takes it. */
export function aboutFormula(formula: Formula): AboutFormula {
  const { title, latex, source } = metricCard(formula, null);
  return {
    label: title,
    latex,
    source: source ?? { text: 'This project’s own.', url: null },
    note: `Undefined ${formula.undefinedWhen}.`,
  };
}
