/** Products of integers held as floats, for backends without packed kernels. */
import { tf } from '@/lib/tf';

/**
 * a . b, exact while sums stay below 2^24.
 *
 * WebGL packs 2 x 2 numbers into a texel. The padding of an odd row should be 0, but a comparison makes it 1 (0 >= 0), and tfjs's
 * matMul adds it, so that with an odd depth each result would be off by 1. Another column of zeros makes the depth even.
 *
 * @param a [.., M, K]
 * @param b [.., K, N]
 */
export function multiplyIntegers<T extends tf.Tensor2D | tf.Tensor4D>(a: T, b: T): T {
  const axis = a.rank - 1;
  if (tf.getBackend() !== 'webgl' || (a.shape[axis] ?? 0) % 2 === 0) return tf.matMul<T>(a, b);
  const padded = (x: T, grown: number) =>
    tf.pad<T>(
      x,
      x.shape.map((_, i): [number, number] => [0, i === grown ? 1 : 0]),
    );
  return tf.matMul<T>(padded(a, axis), padded(b, axis - 1));
}
