/** What is fitted to an activation head by head. */
import { tf } from '@/lib/tf';

/** Something is divided by it: that of a head of zeros must not be 0. */
const LEAST_ALPHA = 1e-12;

export function positive(alpha: number): number {
  return Math.max(alpha, LEAST_ALPHA);
}

/** All values of each head: H of [B * N * M]. */
export function valuesByHead(x: tf.Tensor4D): readonly Float32Array[] {
  const [batch, count, rows, columns] = x.shape;
  const size = batch * rows * columns;
  const first = tf.transpose(x, [1, 0, 2, 3]); // [H, B, N, M]
  // Not out of a `tidy`: that would look for tensors in an array, number by number.
  const values = first.dataSync<'float32'>();
  first.dispose();
  return Array.from({ length: count }, (_, head) => values.subarray(head * size, (head + 1) * size));
}
