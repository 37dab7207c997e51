import { at, requireSameLength, type NumberRow } from '@/lib/math/number-row';

/**
 * Backward pass of softmax for one row: dL/dz from dL/dp.
 *
 *     dL/dz = J^T g = p * (g - p . g),   J = diag(p) - p p^T
 *
 * O(N); J itself is never formed. With p = softmax(scale z) multiply the result by scale.
 *
 * @param attention p, [N], a softmaxed row
 * @param gradient g = dL/dp, [N]
 * @returns dL/dz, [N]; it sums to 0
 * @throws RangeError when the lengths differ
 */
export function softmaxVectorJacobian(attention: NumberRow, gradient: NumberRow): Float64Array<ArrayBuffer> {
  requireSameLength(attention, gradient);
  let inner = 0;
  for (let i = 0; i < attention.length; i++) inner += at(attention, i) * at(gradient, i);
  const result = new Float64Array(attention.length);
  for (let i = 0; i < attention.length; i++) result[i] = at(attention, i) * (at(gradient, i) - inner);
  return result;
}
