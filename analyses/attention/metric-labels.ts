import { TOP_K } from '@/lib/metrics/top-k-overlap';
import type { MatrixMetric } from '@/analyses/attention/protocol';

/** The five measures of the matrix, each turned so that 0 is "as the teacher". */
export const METRIC_LABELS: { readonly [Id in MatrixMetric]: { readonly short: string; readonly long: string } } = {
  cosine: { short: '1 − cos', long: '1 − cosine' },
  jensenShannon: { short: 'JS', long: 'Jensen–Shannon divergence (bits)' },
  tauB: { short: '1 − τ-b', long: '1 − Kendall’s τ-b' },
  topKOverlap: { short: `top-${TOP_K}`, long: `1 − overlap of the top ${TOP_K}` },
  entropyDifference: { short: '|ΔH|', long: 'entropy difference' },
};
