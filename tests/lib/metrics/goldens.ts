import { readFileSync } from 'node:fs';

/** One pair of rows and what SciPy gives for it; `null` where SciPy gives nan or the measure has no meaning. */
export interface PairGolden {
  readonly name: string;
  readonly teacher: readonly number[];
  readonly student: readonly number[];
  readonly cosine: number | null;
  readonly relativeFrobenius: number | null;
  readonly kullbackLeibler: number | null;
  readonly jensenShannon: number | null;
  readonly teacherEntropy: number | null;
  readonly studentEntropy: number | null;
  readonly tauB: number | null;
  readonly spearman: number | null;
  readonly teacherRanks: readonly number[];
  readonly studentRanks: readonly number[];
  readonly teacherTieShare: number;
  readonly studentTieShare: number;
}

export interface StatisticsGolden {
  readonly name: string;
  readonly row: readonly number[];
  readonly mean: number;
  readonly variance: number;
  readonly sampleVariance: number;
  readonly levels: readonly number[];
  readonly quantiles: readonly number[];
  readonly histogramCounts: readonly number[];
  readonly histogramEdges: readonly number[];
}

export interface SoftmaxGolden {
  readonly name: string;
  readonly scores: readonly number[];
  readonly softmax: readonly number[];
}

export interface MetricsGoldens {
  readonly madeWith: { readonly scipy: string; readonly numpy: string; readonly script: string };
  readonly epsilon: number;
  readonly pairs: readonly PairGolden[];
  readonly softmax: readonly SoftmaxGolden[];
  readonly statistics: readonly StatisticsGolden[];
}

const file = new URL('../../golden/metrics.golden.json', import.meta.url);

/** Made by tests/golden/make-metrics-goldens.py; its shape is stated here once. */
export const goldens = JSON.parse(readFileSync(file, 'utf8')) as MetricsGoldens;
