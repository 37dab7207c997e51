import { indexOfLargest } from '@/lib/math/index-of-largest';
import { maxAbs } from '@/lib/math/max-abs';
import { at, requireSameLength, type NumberRow } from '@/lib/math/number-row';
import { softmaxJacobian } from '@/lib/math/softmax-jacobian';
import { softmaxVectorJacobian } from '@/lib/math/softmax-vector-jacobian';
import { gradientNorm } from '@/lib/metrics/gradient-flow';
import { softmaxRow } from '@/lib/metrics/softmax-entry';

/**
 * One row of scores through softmax(alpha z) and its gradient back: what a scaling factor before the softmax does to what can
 * be learned. The formulas are in `softmax-microscope-formulas`.
 */
export interface SoftmaxMicroscope {
  readonly scaled: Float64Array; // alpha z, [N]
  readonly attention: Float64Array; // p = softmax(alpha z), [N]
  /** J = diag(p) - p p^T, row-major. */
  readonly jacobian: Float64Array; // [N, N]
  /** dL/dz = alpha J dL/dp. */
  readonly gradScores: Float64Array; // [N]
  /** ||J||_F, in [0, 1/2]. */
  readonly jacobianNorm: number;
  /** ||alpha J||_F. */
  readonly scaledJacobianNorm: number;
  /** Euclidean norm of dL/dz. */
  readonly gradScoresNorm: number;
  /** Share of entries of dL/dz below a thousandth of the largest |dL/dp|; `null` where nothing arrives from above. */
  readonly deadShare: number | null;
}

/** An entry of dL/dz below this part of the largest |dL/dp| counts as dead. */
export const DEAD_BELOW = 1e-3;

/**
 * @param scores z, [N]
 * @param gradient g = dL/dp, [N], held as it was recorded whatever alpha is
 * @returns `null` where a score is not finite, or the row is empty. O(N^2) for the Jacobian itself, O(N) for the rest
 * @throws RangeError when the lengths differ or alpha is not finite
 */
export function softmaxMicroscope(scores: NumberRow, gradient: NumberRow, alpha: number): SoftmaxMicroscope | null {
  const pass = passOf(scores, gradient, alpha);
  if (pass === null) return null;
  return {
    ...pass,
    scaled: Float64Array.from(scores, (score) => alpha * score),
    jacobian: softmaxJacobian(pass.attention),
  };
}

/** A point of the curve at its highest. */
export interface CurvePeak {
  readonly index: number;
  readonly alpha: number;
  readonly value: number;
}

/** The microscope over a range of alphas, without the Jacobians themselves. */
export interface SoftmaxCurve {
  readonly alphas: Float64Array; // [A]
  readonly scaledJacobianNorms: Float64Array; // ||alpha J||_F, [A]
  readonly gradScoresNorms: Float64Array; // [A]
  readonly deadShares: readonly (number | null)[]; // [A]
  /** The largest of the points computed; `null` where all are 0. */
  readonly jacobianPeak: CurvePeak | null;
  readonly gradScoresPeak: CurvePeak | null;
}

/**
 * How much gets through over a range of alphas. Not monotonic: a small alpha scales the gradient down, a large one saturates.
 *
 * @param alphas [A], for instance `logSpace(0.01, 100, 121)`
 * @returns `null` as `softmaxMicroscope`. O(A N)
 * @throws RangeError as `softmaxMicroscope`
 */
export function softmaxCurve(scores: NumberRow, gradient: NumberRow, alphas: NumberRow): SoftmaxCurve | null {
  const scaledJacobianNorms = new Float64Array(alphas.length);
  const gradScoresNorms = new Float64Array(alphas.length);
  const deadShares: (number | null)[] = [];
  for (let i = 0; i < alphas.length; i++) {
    const pass = passOf(scores, gradient, at(alphas, i));
    if (pass === null) return null;
    scaledJacobianNorms[i] = pass.scaledJacobianNorm;
    gradScoresNorms[i] = pass.gradScoresNorm;
    deadShares.push(pass.deadShare);
  }
  return {
    alphas: Float64Array.from(alphas),
    scaledJacobianNorms,
    gradScoresNorms,
    deadShares,
    jacobianPeak: peakOf(scaledJacobianNorms, alphas),
    gradScoresPeak: peakOf(gradScoresNorms, alphas),
  };
}

/**
 * ||J||_F of J = diag(p) - p p^T, without J:
 *
 *     ||J||_F^2 = sum_i p_i^2 ((1 - p_i)^2 + sum_{j != i} p_j^2)  =  S_2 - 2 S_3 + S_2^2,   S_k = sum_i p_i^k
 *
 * Summed as on the left, and 1 - p of the largest entry as the sum of the others: the closed form on the right loses every
 * digit for a saturated row, which is where one looks.
 *
 * @param attention p, [N], a softmaxed row
 * @returns in [0, 1/2]; O(N)
 */
export function jacobianNorm(attention: NumberRow): number {
  const top = indexOfLargest(attention);
  let rest = 0; // sum of p_j, j != top
  let restSquares = 0;
  for (let j = 0; j < attention.length; j++) {
    if (j === top) continue;
    rest += at(attention, j);
    restSquares += at(attention, j) ** 2;
  }
  let sum = 0;
  for (let i = 0; i < attention.length; i++) {
    const p = at(attention, i);
    const others = i === top ? rest : 1 - p;
    const otherSquares = i === top ? restSquares : at(attention, top) ** 2 + Math.max(0, restSquares - p * p);
    sum += p * p * (others * others + otherSquares);
  }
  return Math.sqrt(sum);
}

function passOf(scores: NumberRow, gradient: NumberRow, alpha: number) {
  requireSameLength(scores, gradient);
  if (!Number.isFinite(alpha)) throw new RangeError(`alpha must be finite, got ${alpha}`);
  const attention = softmaxRow(Float64Array.from(scores, (score) => alpha * score));
  if (attention === null) return null;
  // J maps constants to 0, so g may be counted from the largest entry's: what is left of a saturated row is then a sum of small
  // terms and not the difference of large ones.
  const level = at(gradient, indexOfLargest(attention));
  const centred = Float64Array.from(gradient, (slope) => slope - level);
  const gradScores = softmaxVectorJacobian(attention, centred).map((slope) => alpha * slope);
  const norm = jacobianNorm(attention);
  return {
    attention,
    gradScores,
    jacobianNorm: norm,
    scaledJacobianNorm: Math.abs(alpha) * norm,
    gradScoresNorm: gradientNorm(gradScores),
    deadShare: deadShareOf(gradScores, maxAbs(gradient)),
  };
}

function deadShareOf(gradScores: Float64Array, largest: number): number | null {
  if (largest === 0 || gradScores.length === 0) return null;
  let dead = 0;
  for (const slope of gradScores) if (Math.abs(slope) < DEAD_BELOW * largest) dead++;
  return dead / gradScores.length;
}

function peakOf(values: Float64Array, alphas: NumberRow): CurvePeak | null {
  if (values.length === 0) return null;
  const index = indexOfLargest(values);
  const value = at(values, index);
  return value > 0 ? { index, alpha: at(alphas, index), value } : null;
}
