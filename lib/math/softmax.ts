import { at, type NumberRow } from '@/lib/math/number-row';

/**
 * Softmax of one row, in float64.
 *
 *     p_i = exp(scale z_i - m) / sum_j exp(scale z_j - m),   m = max_j scale z_j
 *
 * Subtracting the maximum keeps every exponent at or below 0, so nothing overflows. An entry of -Infinity (a mask)
 * gets exactly 0.
 *
 * @param scores z, [N], any real numbers
 * @param scale multiplied into the scores first (a temperature of 1 / scale)
 * @returns p, [N], non-negative, summing to 1; empty for an empty row
 * @throws RangeError when the largest scaled score is not finite (NaN, +Infinity, or a row that is masked throughout)
 */
export function softmax(scores: NumberRow, scale = 1): Float64Array<ArrayBuffer> {
  const attention = new Float64Array(scores.length);
  if (scores.length === 0) return attention;
  let largest = -Infinity;
  for (const score of scores) {
    const scaled = scale * score;
    if (!(scaled <= largest)) largest = scaled; // written so that NaN wins and is seen below
    if (Number.isNaN(largest)) break;
  }
  if (!Number.isFinite(largest)) throw new RangeError(`softmax of a row whose largest score is ${largest}`);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const power = Math.exp(scale * at(scores, i) - largest);
    attention[i] = power;
    sum += power;
  }
  for (let i = 0; i < attention.length; i++) attention[i] = at(attention, i) / sum;
  return attention;
}
