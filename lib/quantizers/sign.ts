/** The sign with its value at 0 stated: never bare `tf.sign`. */
import { tf } from '@/lib/tf';

/**
 * 0: the official third level. 1: what a bit, and with it XNOR and popcount, can hold.
 * (The same choice as `SignOfZero` of the model configurations.)
 */
export type ValueAtZero = 0 | 1;

/** +-1 away from 0, and `valueAtZero` at 0 (also at -0). */
export function signOf(x: number, valueAtZero: ValueAtZero): -1 | 0 | 1 {
  if (x === 0) return valueAtZero;
  return x > 0 ? 1 : -1;
}

/** `signOf` on every element; not differentiable, quantizers bring their own gradients. */
export function signTensor<T extends tf.Tensor>(x: T, valueAtZero: ValueAtZero): T {
  // Steps, for the wasm backend compares ten times slower.
  return tf.tidy(() => {
    const negative = tf.step<T>(tf.neg(x));
    return valueAtZero === 1 ? tf.sub<T>(1, tf.mul(negative, 2)) : tf.sub<T>(tf.step<T>(x), negative);
  });
}
