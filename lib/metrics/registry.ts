import type { NumberRow } from '@/lib/math/number-row';
import { explainAveraged, type Averaged } from '@/lib/metrics/averaged';
import { cosine, cosineFormula, explainCosine } from '@/lib/metrics/cosine';
import { diagonalMass, diagonalMassFormula, explainDiagonalMass } from '@/lib/metrics/diagonal-mass';
import { entropy, entropyFormula, explainEntropy } from '@/lib/metrics/entropy';
import {
  entropyDifference,
  entropyDifferenceFormula,
  explainEntropyDifference,
} from '@/lib/metrics/entropy-difference';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { type RowPairMetricId } from '@/lib/metrics/head-distortion';
import { explainInversionRate, inversionRate, inversionRateFormula } from '@/lib/metrics/inversion-rate';
import { explainJensenShannon, jensenShannon, jensenShannonFormula } from '@/lib/metrics/jensen-shannon';
import { explainKendallTauB, kendallTauB, kendallTauBFormula } from '@/lib/metrics/kendall-tau-b';
import { explainKullbackLeibler, kullbackLeibler, kullbackLeiblerFormula } from '@/lib/metrics/kullback-leibler';
import {
  explainRelativeFrobenius,
  relativeFrobenius,
  relativeFrobeniusFormula,
} from '@/lib/metrics/relative-frobenius';
import { explainSoftmaxSlope, softmaxSlope, softmaxSlopeFormula } from '@/lib/metrics/softmax-slope';
import { explainSpearman, spearman, spearmanFormula } from '@/lib/metrics/spearman';
import { explainTieShare, tieShare, tieShareFormula } from '@/lib/metrics/tie-share';
import { explainTopKOverlap, topKOverlap, topKOverlapFormula } from '@/lib/metrics/top-k-overlap';

/**
 * The metrics as the interface sees them: choose by id, get the formula, the number of a row, and its explanation.
 */

/** What a metric may need beside the rows. */
export interface RowContext {
  /** The row's place in its map. */
  readonly query: number;
  /** How many keys count as the top of a row. */
  readonly k: number;
}

/** A metric of a student's row against the teacher's. */
export interface PairMetric {
  readonly formula: Formula;
  readonly evaluate: (teacher: NumberRow, student: NumberRow, context: RowContext) => number | null;
  readonly explain: (teacher: NumberRow, student: NumberRow, context: RowContext) => Explanation;
  /**
   * The same metric turned so that 0 means "as the teacher" and more is worse, as the distortion matrix colours it: 1 - tau-b
   * for tau-b, the number itself for a divergence. Linear, so it may be applied to a mean.
   */
  readonly distortion: (value: number) => number;
  /** The symbol of one row's value, and of the distortion, for KaTeX. */
  readonly symbol: string;
  readonly distortionSymbol: string;
}

/** A metric of one row alone. */
export interface RowMetric {
  readonly formula: Formula;
  readonly evaluate: (row: NumberRow, context: RowContext) => number | null;
  readonly explain: (row: NumberRow, context: RowContext) => Explanation;
}

const complement = (value: number) => 1 - value;
const itself = (value: number) => value;

export type PairMetricId = RowPairMetricId | 'relativeFrobenius';

export const pairMetrics: Readonly<Record<PairMetricId, PairMetric>> = {
  cosine: {
    formula: cosineFormula,
    evaluate: cosine,
    explain: explainCosine,
    distortion: complement,
    symbol: '\\cos',
    distortionSymbol: '1 - \\cos',
  },
  jensenShannon: {
    formula: jensenShannonFormula,
    evaluate: jensenShannon,
    explain: explainJensenShannon,
    distortion: itself,
    symbol: '\\mathrm{JS}',
    distortionSymbol: '\\mathrm{JS}',
  },
  kullbackLeibler: {
    formula: kullbackLeiblerFormula,
    evaluate: (teacher, student) => kullbackLeibler(teacher, student),
    explain: explainKullbackLeibler,
    distortion: itself,
    symbol: 'D',
    distortionSymbol: 'D',
  },
  tauB: {
    formula: kendallTauBFormula,
    evaluate: kendallTauB,
    explain: explainKendallTauB,
    distortion: complement,
    symbol: '\\tau_b',
    distortionSymbol: '1 - \\tau_b',
  },
  spearman: {
    formula: spearmanFormula,
    evaluate: spearman,
    explain: explainSpearman,
    distortion: complement,
    symbol: '\\rho',
    distortionSymbol: '1 - \\rho',
  },
  topKOverlap: {
    formula: topKOverlapFormula,
    evaluate: (teacher, student, { k }) => topKOverlap(teacher, student, k),
    explain: (teacher, student, { k }) => explainTopKOverlap(teacher, student, k),
    distortion: complement,
    symbol: '\\mathrm{top}_k',
    distortionSymbol: '1 - \\mathrm{top}_k',
  },
  entropyDifference: {
    formula: entropyDifferenceFormula,
    evaluate: entropyDifference,
    explain: explainEntropyDifference,
    distortion: itself,
    symbol: '\\lvert \\Delta H \\rvert',
    distortionSymbol: '\\lvert \\Delta H \\rvert',
  },
  inversionRate: {
    formula: inversionRateFormula,
    evaluate: inversionRate,
    explain: explainInversionRate,
    distortion: itself,
    symbol: '\\mathrm{inv}',
    distortionSymbol: '\\mathrm{inv}',
  },
  relativeFrobenius: {
    formula: relativeFrobeniusFormula,
    evaluate: relativeFrobenius,
    explain: explainRelativeFrobenius,
    distortion: itself,
    symbol: '\\varepsilon_F',
    distortionSymbol: '\\varepsilon_F',
  },
};

/**
 * How the number in a cell of the distortion matrix came about: the mean of the rows' distortions, with over how many rows.
 *
 * @param averaged the metric itself, as `headDistortion` gives it
 */
export function explainCell(id: RowPairMetricId, averaged: Averaged): Explanation {
  const { distortion, distortionSymbol } = pairMetrics[id];
  const value = averaged.value === null ? null : distortion(averaged.value);
  return explainAveraged({ ...averaged, value }, `(${distortionSymbol})`);
}

export type RowMetricId = 'entropy' | 'diagonalMass' | 'tieShare' | 'softmaxSlope';

export const rowMetrics: Readonly<Record<RowMetricId, RowMetric>> = {
  entropy: { formula: entropyFormula, evaluate: entropy, explain: explainEntropy },
  diagonalMass: {
    formula: diagonalMassFormula,
    evaluate: (row, { query }) => diagonalMass(row, query),
    explain: (row, { query }) => explainDiagonalMass(row, query),
  },
  tieShare: { formula: tieShareFormula, evaluate: tieShare, explain: explainTieShare },
  softmaxSlope: { formula: softmaxSlopeFormula, evaluate: softmaxSlope, explain: explainSoftmaxSlope },
};
