/** What the worker can answer: one line for each analysis. */
import { distortionCompute } from '@/analyses/attention/compute';
import { attentionDistanceCompute } from '@/analyses/attention-distance/compute';
import { repairCompute } from '@/analyses/attribution/compute-repair';
import { rolloutCompute } from '@/analyses/attribution/compute';
import { binarizerMeansCompute } from '@/analyses/binarizers/compute-means';
import { binarizersCompute } from '@/analyses/binarizers/compute';
import { speedCompute } from '@/analyses/cost/compute';
import { quantizersCompute } from '@/analyses/gradient/compute-quantizers';
import { gradientsCompute } from '@/analyses/gradient/compute';
import { precisionCurveCompute } from '@/analyses/precision/compute-curve';
import { precisionCompute } from '@/analyses/precision/compute';
import { rankingCompute } from '@/analyses/ranking/compute';
import type { RegisteredCompute } from '@/engine/compute';

export const COMPUTES: readonly RegisteredCompute[] = [
  distortionCompute,
  attentionDistanceCompute,
  rolloutCompute,
  repairCompute,
  binarizersCompute,
  binarizerMeansCompute,
  speedCompute,
  gradientsCompute,
  quantizersCompute,
  precisionCompute,
  precisionCurveCompute,
  rankingCompute,
];
