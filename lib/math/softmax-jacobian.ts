import { at, type NumberRow } from '@/lib/math/number-row';

/**
 * Jacobian of softmax at its output p.
 *
 *     J = diag(p) - p p^T,   J_ij = dp_i / dz_j = p_i ([i = j] - p_j)
 *
 * Symmetric; every row sums to 0 because p always sums to 1. With p = softmax(scale z) the derivative by z is
 * scale * J(p).
 *
 * @param attention p, [N], a softmaxed row
 * @returns J, flat row-major [N, N]; O(N^2)
 */
export function softmaxJacobian(attention: NumberRow): Float64Array<ArrayBuffer> {
  const size = attention.length;
  const jacobian = new Float64Array(size * size); // [N, N]
  for (let i = 0; i < size; i++) {
    const p = at(attention, i);
    for (let j = 0; j < size; j++) {
      jacobian[i * size + j] = i === j ? p * (1 - p) : -p * at(attention, j);
    }
  }
  return jacobian;
}
