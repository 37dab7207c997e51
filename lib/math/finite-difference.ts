import { at, type NumberRow } from '@/lib/math/number-row';

/**
 * Gradient of a scalar function by central differences, in float64.
 *
 *     df/dx_i ~ (f(x + h_i e_i) - f(x - h_i e_i)) / (2 h_i),   h_i = step * max(1, |x_i|)
 *
 * The error is O(h^2) from the truncation and about 1e-16 |f| / h from the rounding; the default step, the cube root of
 * the float64 epsilon, balances both at about 1e-10 for well-scaled functions. Meaningless across a jump or a kink.
 *
 * @param f evaluated 2n times on a scratch copy of x, which it must not keep
 * @param x [n]; not changed
 * @returns df/dx, [n]
 */
export function finiteDifference(
  f: (x: Float64Array<ArrayBuffer>) => number,
  x: NumberRow,
  step = Math.cbrt(Number.EPSILON),
): Float64Array<ArrayBuffer> {
  const point = Float64Array.from(x);
  const gradient = new Float64Array(point.length);
  for (let i = 0; i < point.length; i++) {
    const centre = at(point, i);
    const width = step * Math.max(1, Math.abs(centre));
    const right = centre + width;
    const left = centre - width;
    point[i] = right;
    const above = f(point);
    point[i] = left;
    const below = f(point);
    point[i] = centre;
    gradient[i] = (above - below) / (right - left); // the distance that was really stepped, after rounding
  }
  return gradient;
}
