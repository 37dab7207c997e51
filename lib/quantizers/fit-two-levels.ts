/** The scale of a two-level quantizer by least squares, found exactly. */
import { at, type NumberRow } from '@/lib/math/number-row';

export interface TwoLevelFit {
  readonly alpha: number;
  /** sum_i (p_i - p^_i)^2 at that alpha. */
  readonly loss: number;
}

/**
 * argmin over alpha of sum_i (p_i - alpha [p_i > alpha / 2])^2: elastic binarization with beta = 0.
 *
 * Which entries are on changes only where alpha passes twice a value of the row. Between two such values the loss is a parabola in
 * alpha, lowest at the mean of the entries that are on or at the nearer border, and it is continuous across borders, where both choices
 * cost p^2. So the lowest of all pieces is the minimum. O(n log n).
 *
 * @param row non-negative, [n]
 * @throws RangeError when no entry is positive
 */
export function fitElastic(row: NumberRow): TwoLevelFit {
  const values = new Float64Array(row).sort().reverse();
  if (!(values.length > 0 && at(values, 0) > 0)) throw new RangeError('A scale needs a positive entry to fit.');
  let sumOfSquares = 0;
  for (const p of values) sumOfSquares += p ** 2;
  let best: TwoLevelFit = { alpha: NaN, loss: Infinity };
  let sum = 0;
  for (let on = 1; on <= values.length; on++) {
    const smallestOn = at(values, on - 1);
    const largestOff = values[on] ?? 0;
    sum += smallestOn;
    if (smallestOn === largestOff) continue; // ties go on together
    const alpha = Math.min(2 * smallestOn, Math.max(2 * largestOff, sum / on));
    const loss = sumOfSquares - 2 * alpha * sum + on * alpha ** 2;
    if (loss < best.loss) best = { alpha, loss };
  }
  return best;
}

/**
 * The same for sign with the zero point z^ = -1 and sign(0) = +1: alpha (sign(p / alpha - 1) + 1), which is {0, 2 alpha} about the
 * threshold alpha, so elastic with half the scale.
 *
 * With the official sign(0) = 0 an entry equal to alpha would be met exactly by a third level. That is not used: equality depends on the
 * last bit of a float, and one bit has no third level. The zero point 0, which makes every positive entry their mean, never does better:
 * what lies below half that mean costs less when it is off. Other zero points have no 0 among their levels.
 *
 * @param row non-negative, [n]
 * @throws RangeError when no entry is positive
 */
export function fitSignAlpha(row: NumberRow): TwoLevelFit {
  const { alpha, loss } = fitElastic(row);
  return { alpha: alpha / 2, loss };
}
