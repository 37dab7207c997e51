import { constantRowShareFormula } from '@/lib/metrics/constant-row-share';
import type { Formula } from '@/lib/metrics/formula';
import {
  gradAttentionBinaryFormula,
  gradAttentionFormula,
  gradQFormula,
  gradScoresFormula,
} from '@/lib/metrics/gradient-flow';
import { gradientRolloutFormula } from '@/lib/metrics/gradient-rollout';
import { rankingHingeFormula, rowRankingLossFormula } from '@/lib/metrics/ranking-hinge';
import { rolloutFormula } from '@/lib/metrics/rollout';
import {
  deadShareFormula,
  jacobianNormFormula,
  rowGradientFormula,
  scaledJacobianNormFormula,
  scaledSoftmaxFormula,
  softmaxJacobianFormula,
} from '@/lib/metrics/softmax-microscope-formulas';
import { stePassShareFormula } from '@/lib/metrics/ste-pass-share';
import { pairMetrics, rowMetrics } from '@/lib/metrics/registry';

/** Every formula of the project's metrics, those of whole maps included, in the order a list shows them. */
export const formulas: readonly Formula[] = [
  ...Object.values(pairMetrics).map(({ formula }) => formula),
  ...Object.values(rowMetrics).map(({ formula }) => formula),
  constantRowShareFormula,
  stePassShareFormula,
  gradScoresFormula,
  gradAttentionFormula,
  gradAttentionBinaryFormula,
  gradQFormula,
  scaledSoftmaxFormula,
  softmaxJacobianFormula,
  rowGradientFormula,
  jacobianNormFormula,
  scaledJacobianNormFormula,
  deadShareFormula,
  rankingHingeFormula,
  rowRankingLossFormula,
  rolloutFormula,
  gradientRolloutFormula,
];
