/** Every kind of analysis and what computes it. */
import type { AnalysisKind } from '@/lib/worker/analysis';
import { analyzeBinarizerMeans } from '@/lib/worker/analyses/binarizer-means';
import { analyzeBinarizers } from '@/lib/worker/analyses/binarizers';
import type { Analyze } from '@/lib/worker/analyses/context';
import { analyzeDistortion } from '@/lib/worker/analyses/distortion';
import { analyzeGradients } from '@/lib/worker/analyses/gradients';
import { analyzePrecision } from '@/lib/worker/analyses/precision';
import { analyzePrecisionCurve } from '@/lib/worker/analyses/precision-curve';
import { analyzeQuantizers } from '@/lib/worker/analyses/quantizers';
import { analyzeRanking } from '@/lib/worker/analyses/ranking';
import { analyzeRepair } from '@/lib/worker/analyses/repair';
import { analyzeRollout } from '@/lib/worker/analyses/rollout';
import { analyzeSpeed } from '@/lib/worker/analyses/speed';

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
