/** Every kind of analysis and what computes it. */
import type { AnalysisKind } from '@/engine/analysis';
import { analyzeBinarizerMeans } from '@/analyses/binarizers/compute-means';
import { analyzeBinarizers } from '@/analyses/binarizers/compute';
import type { Analyze } from '@/engine/analysis-context';
import { analyzeDistortion } from '@/analyses/attention/compute';
import { analyzeGradients } from '@/analyses/gradient/compute';
import { analyzePrecision } from '@/analyses/precision/compute';
import { analyzePrecisionCurve } from '@/analyses/precision/compute-curve';
import { analyzeQuantizers } from '@/analyses/gradient/compute-quantizers';
import { analyzeRanking } from '@/analyses/ranking/compute';
import { analyzeRepair } from '@/analyses/attribution/compute-repair';
import { analyzeRollout } from '@/analyses/attribution/compute';
import { analyzeSpeed } from '@/analyses/cost/compute';

/** A kind that is missing here does not type-check. */
export const ANALYSES: { readonly [Kind in AnalysisKind]: Analyze<Kind> } = {
  distortion: analyzeDistortion,
  gradients: analyzeGradients,
  ranking: analyzeRanking,
  binarizers: analyzeBinarizers,
  'binarizer-means': analyzeBinarizerMeans,
  quantizers: analyzeQuantizers,
  rollout: analyzeRollout,
  repair: analyzeRepair,
  precision: analyzePrecision,
  'precision-curve': analyzePrecisionCurve,
  speed: analyzeSpeed,
};
