import type { RankingMetric } from '@/analyses/ranking/protocol';
import type { Formula } from '@/lib/metrics/formula';
import { pairMetrics, rowMetrics } from '@/lib/metrics/registry';

/** A measure of order in this tab's words. */
interface RankingLabel {
  readonly short: (k: number) => string;
  /** What it says about that, in a sentence. */
  readonly about: string;
}

export const RANKING_LABELS: { readonly [Metric in RankingMetric]: RankingLabel } = {
  tauB: {
    short: () => 'τ‑b',
    about:
      'Kendall’s τ‑b asks of all pairs of keys whether student and teacher agree on which comes first, and allows for ties.',
  },
  spearman: {
    short: () => 'Spearman',
    about: 'Spearman’s ρ correlates the places that student and teacher give to the keys; tied keys share a place.',
  },
  tieShare: {
    short: () => 'ties',
    about:
      'Where two keys get the very same value they have no order: this is the share of such pairs in each model’s own rows.',
  },
  topKOverlap: {
    short: (k) => `top-${k}`,
    about:
      'This is the share of the teacher’s most attended keys that are among the student’s as well; tied keys share the last places.',
  },
  inversionRate: {
    short: () => 'inversions',
    about:
      'This is the share of pairs turned around, of those that both order at all: ties leave the count, so read it beside them.',
  },
};

export function rankingFormula(metric: RankingMetric): Formula {
  return metric === 'tieShare' ? rowMetrics.tieShare.formula : pairMetrics[metric].formula;
}

/** One row's value, for KaTeX. */
export function rankingSymbol(metric: RankingMetric): string {
  return metric === 'tieShare' ? '\\frac{n_1}{n_0}' : pairMetrics[metric].symbol;
}
