/**
 * Comparisons as 0 and 1 in float32, by steps of a difference: the wasm backend compares ten times slower, and with a broadcast a
 * thousand times slower.
 *
 * A float32 difference is 0 only where both are equal, so nothing is rounded over the border.
 */
import { tf } from '@/lib/tf';

/** 1 where x > limit. */
export function isAbove<T extends tf.Tensor>(x: T, limit: tf.Tensor | number): T {
  return tf.tidy(() => tf.step<T>(tf.sub<T>(x, limit)));
}

/** 1 where x >= limit. */
export function isFrom<T extends tf.Tensor>(x: T, limit: tf.Tensor | number): T {
  return tf.tidy(() => tf.sub<T>(1, tf.step<T>(tf.sub<T>(limit, x))));
}

/** 1 where lower <= x <= upper. */
export function isBetween<T extends tf.Tensor>(x: T, lower: number, upper: number): T {
  return tf.tidy(() => tf.mul<T>(isFrom(x, lower), isFrom(tf.neg(x), -upper)));
}

/** 1 where |x| <= limit. */
export function isWithin<T extends tf.Tensor>(x: T, limit: number): T {
  return tf.tidy(() => tf.sub<T>(1, tf.step<T>(tf.sub<T>(tf.abs(x), limit))));
}

/** 1 where |x| < limit. */
export function isInside<T extends tf.Tensor>(x: T, limit: number): T {
  return tf.tidy(() => tf.step<T>(tf.sub<T>(limit, tf.abs(x))));
}
