import { at, type NumberRow } from '@/lib/math/number-row';

/**
 * Product of two square matrices, in float64; O(n^3), for token counts and not for weights.
 *
 * @param a flat row-major [n, n]
 * @param b flat row-major [n, n]
 * @returns a b, flat row-major [n, n]
 * @throws RangeError when a size does not fit
 */
export function matrixMultiply(a: NumberRow, b: NumberRow, size: number): Float64Array<ArrayBuffer> {
  if (a.length !== size * size || b.length !== size * size) {
    throw new RangeError(`expected two matrices of ${size} x ${size}, got ${a.length} and ${b.length} entries`);
  }
  const product = new Float64Array(size * size); // [n, n]
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = at(a, i * size + k);
      // The inner loop runs along rows of b and of the product, so that memory is read in order.
      for (let j = 0; j < size; j++) product[i * size + j] = at(product, i * size + j) + factor * at(b, k * size + j);
    }
  }
  return product;
}
