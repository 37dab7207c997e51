/** The product of integers held as floats: what stands in for packed kernels on a backend that has none. */
import { tf } from '@/lib/tf';

/**
 * a . b, exactly, as long as sums stay below 2^24.
 *
 * WebGL holds 2 x 2 numbers in a texel. What lies beyond an odd row's end should be 0, but a comparison makes it 1 (0 >= 0), and tfjs's
 * matMul sums it: with an odd depth each result would be off by 1. One more column of true zeros makes the depth even.
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
