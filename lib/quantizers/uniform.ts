/**
 * Uniform quantization after training: evenly spaced levels, and a scale from the values themselves.
 *
 *     symmetric  s * clamp(round(x / s), -n, n),  n = 2^(b-1) - 1,  s = max|x| / n      round is half to even; 0 stays 0
 *     at 1 bit   s * sign(x),                     s = mean|x|                           q(0) = +1: a bit has no third level
 *     unsigned   s * round(x / s),                s = max x / (2^b - 1),  x >= 0
 *     backward   1: straight through, since the scale follows the values and leaves none outside
 *
 * A scale belongs to a slice, the vector that a product sums over, so that integers are summed first and scaled after.
 * Source: Krishnamoorthi, arXiv 1806.08342 (symmetric and unsigned, scale per channel); at 1 bit the scale of XNOR-Net, Rastegari
 * et al., ECCV 2016, arXiv 1603.05279, which is the least-squares one.
 */
import { roundHalfEven } from '@/lib/math/round-half-even';
import type { Quantizer } from '@/lib/quantizers/quantizer';
import { signOf, signTensor } from '@/lib/quantizers/sign';
import {
  SIGN_EQUATION,
  SIGN_SOURCE,
  symmetricEquation,
  UNIFORM_SOURCE,
  unsignedEquation,
} from '@/lib/quantizers/uniform-rules';
import { tf } from '@/lib/tf';

/** More would not sum exactly in float32. */
const MAX_UNIFORM_BITS = 8;

interface UniformParameters {
  /** s, positive. */
  readonly scale: number;
}

/** Of signed values. @throws RangeError unless 1 to 8 whole bits */
export function symmetricUniform(bits: number): Quantizer<UniformParameters> {
  checkBits(bits, 1);
  if (bits === 1)
    return {
      name: 'Sign with the mean',
      bits,
      equation: SIGN_EQUATION,
      source: SIGN_SOURCE,
      forward: (x, { scale }) => scale * signOf(x, 1),
      surrogate: () => 1,
    };
  const levels = symmetricLevels(bits);
  return {
    name: `Uniform, ${bits} bits`,
    bits,
    equation: symmetricEquation(`2^{${bits}-1} - 1 = ${levels}`),
    source: UNIFORM_SOURCE,
    forward: (x, { scale }) => scale * clamp(roundHalfEven(x / scale), levels),
    surrogate: () => 1,
  };
}

/** Of values that are never negative, as the softmaxed attention. @throws RangeError unless 2 to 8 whole bits */
export function unsignedUniform(bits: number): Quantizer<UniformParameters> {
  checkBits(bits, 2);
  const levels = unsignedLevels(bits);
  return {
    name: `Uniform from 0, ${bits} bits`,
    bits,
    equation: unsignedEquation(`2^{${bits}} - 1 = ${levels}`),
    source: UNIFORM_SOURCE,
    forward: (x, { scale }) => scale * Math.min(levels, Math.max(0, roundHalfEven(x / scale))),
    surrogate: () => 1,
  };
}

/** value = scale * integers */
export interface UniformLevels<T extends tf.Tensor> {
  /** Held as float32. */
  readonly integers: T;
  /** As many axes as the integers; 1 along the slice's. 0 for a slice of zeros. */
  readonly scale: T;
}

/**
 * `symmetricUniform` on every slice along `axis`; not differentiable by itself.
 *
 * @throws RangeError unless 1 to 8 whole bits
 */
export function quantizeSymmetric<T extends tf.Tensor>(x: T, bits: number, axis: number): UniformLevels<T> {
  checkBits(bits, 1);
  return tidied(() => {
    const size = tf.abs(x);
    if (bits === 1) return { integers: signTensor(x, 1), scale: tf.mean<T>(size, axis, true) };
    const levels = symmetricLevels(bits);
    return roundedBy(x, tf.div<T>(tf.max<T>(size, axis, true), levels), -levels, levels);
  });
}

/** `unsignedUniform` on every slice along `axis`; not differentiable by itself. @throws RangeError unless 2 to 8 whole bits */
export function quantizeUnsigned<T extends tf.Tensor>(x: T, bits: number, axis: number): UniformLevels<T> {
  checkBits(bits, 2);
  const levels = unsignedLevels(bits);
  return tidied(() => roundedBy(x, tf.div<T>(tf.max<T>(x, axis, true), levels), 0, levels));
}

/** Candidates for the outermost level, as shares of the largest value. */
const LEAST_SQUARES_SHARES = Array.from({ length: 33 }, (_, i) => 1 - i / 40); // 1 to 0.2

/**
 * `quantizeSymmetric` with the scale of least squared error among 33 from max|x| / n down to a fifth of it; values beyond the outermost
 * level are clipped to it. For weights, once; too slow for activations. At 1 bit the mean is the least-squares scale.
 *
 * @throws RangeError unless 1 to 8 whole bits
 */
export function quantizeLeastSquares<T extends tf.Tensor>(x: T, bits: number, axis: number): UniformLevels<T> {
  if (bits === 1) return quantizeSymmetric(x, bits, axis);
  checkBits(bits, 2);
  const levels = symmetricLevels(bits);
  return tidied(() => {
    const widest = tf.div<T>(tf.max<T>(tf.abs(x), axis, true), levels);
    let scale = widest;
    let error = squaredError(x, scale, levels, axis);
    for (const share of LEAST_SQUARES_SHARES.slice(1)) {
      const candidate = tf.mul<T>(widest, share);
      const errorThere = squaredError(x, candidate, levels, axis);
      const isBetter = tf.less(errorThere, error);
      scale = tf.where(isBetter, candidate, scale);
      error = tf.where(isBetter, errorThere, error);
    }
    return roundedBy(x, scale, -levels, levels);
  });
}

function squaredError<T extends tf.Tensor>(x: T, scale: T, levels: number, axis: number): T {
  const { integers } = roundedBy(x, scale, -levels, levels);
  return tf.sum<T>(tf.square(tf.sub(x, tf.mul(integers, scale))), axis, true);
}

/** Integers between two ends. A slice of zeros, whose scale is 0, becomes zeros. */
function roundedBy<T extends tf.Tensor>(x: T, scale: T, lowest: number, highest: number): UniformLevels<T> {
  const divisor = tf.add<T>(scale, tf.sub(1, tf.step(scale)));
  return { integers: tf.clipByValue<T>(tf.round<T>(tf.div<T>(x, divisor)), lowest, highest), scale };
}

function tidied<T extends tf.Tensor>(make: () => UniformLevels<T>): UniformLevels<T> {
  return tf.tidy(() => {
    const { integers, scale } = make();
    return { integers, scale };
  });
}

function symmetricLevels(bits: number): number {
  return 2 ** (bits - 1) - 1;
}

function unsignedLevels(bits: number): number {
  return 2 ** bits - 1;
}

function checkBits(bits: number, fewest: number): void {
  if (!Number.isInteger(bits) || bits < fewest || bits > MAX_UNIFORM_BITS)
    throw new RangeError(`This quantizer takes ${fewest} to ${MAX_UNIFORM_BITS} whole bits, not ${bits}.`);
}

function clamp(x: number, levels: number): number {
  return Math.min(levels, Math.max(-levels, x));
}
