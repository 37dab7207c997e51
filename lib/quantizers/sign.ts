/** The sign with its value at 0 stated: never bare `tf.sign`. */
import type { SignOfZero } from '@/lib/quantizers/parameters';
import { tf } from '@/lib/tf';

/** +-1 away from 0, and `signOfZero` at 0 (also at -0). */
export function signOf(x: number, signOfZero: SignOfZero): -1 | 0 | 1 {
  if (x === 0) return signOfZero;
  return x > 0 ? 1 : -1;
}

/** `signOf` on every element; not differentiable, quantizers bring their own gradients. */
export function signTensor<T extends tf.Tensor>(x: T, signOfZero: SignOfZero): T {
  // By steps: the wasm backend compares ten times slower.
  return tf.tidy(() => {
    const negative = tf.step<T>(tf.neg(x));
    return signOfZero === 1 ? tf.sub<T>(1, tf.mul(negative, 2)) : tf.sub<T>(tf.step<T>(x), negative);
  });
}
