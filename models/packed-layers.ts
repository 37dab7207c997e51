/** Layers for the packed kernels: signs, scales, and the limits of sums of which only the sign is used. */
import type { NormSpec, ScaledLinear, SignLinear } from '@/lib/kernels/forward/spec';
import { signTensor } from '@/lib/quantizers/sign';
import { tf } from '@/lib/tf';
import type { ActivationQuantizer } from '@/models/layers/activation';
import type { AttentionQuantizer } from '@/models/layers/attention-activation';
import type { LayerNorm } from '@/models/layers/layer-norm';
import type { Linear } from '@/models/layers/linear';
import { PackedUnavailableError } from '@/models/packed-model';

/** The smallest positive float32. */
const SMALLEST = 2 ** -149;
const NEVER_FROM = 32_767;
const NEVER_UP_TO = -32_768;

export function floats(tensor: tf.Tensor): Float32Array {
  return Float32Array.from(tensor.dataSync());
}

export function normSpec({ weight, bias, eps }: LayerNorm): NormSpec {
  return { weight: floats(weight), bias: floats(bias), eps };
}

/** @throws PackedUnavailableError unless the linear is binary with q(0) = +1 */
export function scaledLinear(linear: Linear): ScaledLinear {
  if (linear.kind === 'real')
    throw new PackedUnavailableError('Its linear layers are not binary: there are no bits to pack.');
  if (linear.kind === 'uniform') {
    throw new PackedUnavailableError(
      'Its linear layers were quantized after training, with a bias and a scale for each token, which the packed kernels do not support.',
    );
  }
  if (linear.signOfZero !== 1) {
    throw new PackedUnavailableError('Its sign has a third level, sign(0) = 0, which a bit cannot hold.');
  }
  return tf.tidy(() => {
    const { weights } = linear;
    const signs = weights.kind === 'signs' ? weights.signs : signTensor(weights.weight, 1); // [O, I]
    const scale = weights.kind === 'signs' ? weights.scale : tf.mean<tf.Tensor1D>(tf.abs(weights.weight), 1); // [O]
    return { signs: floats(signs), scale: floats(scale), outputs: signs.shape[0], depth: signs.shape[1] };
  });
}

/** Rows `first` to `first + outputs` of a linear: q, k or v of all three. */
export function rowsOf({ signs, scale, depth }: ScaledLinear, first: number, outputs: number): ScaledLinear {
  const last = first + outputs;
  return { signs: signs.slice(first * depth, last * depth), scale: scale.slice(first, last), outputs, depth };
}

/**
 * A linear and the sign of what follows it, as limits of the linear's sums. They come from every possible sum through the float path's
 * own operations, so that both agree by construction (also where GELU underflows to -0, whose sign is +1).
 *
 * @param follow y [O, I + 1] -> what the sign is taken of, of the same shape
 * @throws PackedUnavailableError where the signs are not of the form n >= from or n <= upTo
 */
export function signLinear(linear: ScaledLinear, follow: (y: tf.Tensor2D) => tf.Tensor2D): SignLinear {
  const { outputs, depth } = linear;
  const bits = tf.tidy(() => {
    const sums = tf.tensor2d(
      Float32Array.from({ length: depth + 1 }, (_, i) => 2 * i - depth),
      [1, depth + 1],
    );
    const y = tf.mul<tf.Tensor2D>(sums, tf.tensor2d(linear.scale, [outputs, 1])); // [O, I + 1]
    return Uint8Array.from(tf.greaterEqual(follow(y), 0).dataSync());
  });
  const from = new Int16Array(outputs);
  const upTo = new Int16Array(outputs);
  for (let output = 0; output < outputs; output++) {
    const limits = limitsOf(bits.subarray(output * (depth + 1), (output + 1) * (depth + 1)));
    from[output] = limits.from;
    upTo[output] = limits.upTo;
  }
  return { signs: linear.signs, outputs, depth, from, upTo };
}

/** @param bits of the sums -K, -K + 2, ..., K */
export function limitsOf(bits: Uint8Array): { readonly from: number; readonly upTo: number } {
  const depth = bits.length - 1;
  const lastZero = bits.lastIndexOf(0);
  const from = lastZero === depth ? NEVER_FROM : 2 * (lastZero + 1) - depth;
  if (lastZero < 0) return { from, upTo: NEVER_UP_TO };
  const firstZero = bits.indexOf(0);
  if (bits.subarray(firstZero, lastZero).includes(1)) {
    throw new PackedUnavailableError('The sign of its hidden layer changes more than twice as the sum grows.');
  }
  return { from, upTo: firstZero === 0 ? NEVER_UP_TO : 2 * (firstZero - 1) - depth };
}

/** @throws PackedUnavailableError for a quantizer that bits cannot represent */
export function signAlphas(quantizer: ActivationQuantizer): Float32Array {
  if (quantizer.kind !== 'sign-alpha' || quantizer.zeroPoint !== null || quantizer.signOfZero !== 1) {
    throw new PackedUnavailableError('Its q, k and v are not signs without a zero point and with sign(0) = +1.');
  }
  return positive(floats(quantizer.alpha));
}

/** @throws PackedUnavailableError for any but the elastic one */
export function elasticAlphas(quantizer: AttentionQuantizer): Float32Array {
  if (quantizer.kind !== 'elastic') throw new PackedUnavailableError('Its attention is not binarized to {0, alpha}.');
  return positive(floats(quantizer.alpha));
}

function positive(alphas: Float32Array): Float32Array {
  if (alphas.every((alpha) => alpha > 1e-20 && alpha < 1e20)) return alphas;
  throw new PackedUnavailableError('It has a scaling factor that is not positive.');
}

/** The smallest x with x / alpha >= 0 in float32: what underflows becomes -0, whose sign is +1. */
export function leastPositive(alpha: number): number {
  return -Math.floor(alpha / 2) * SMALLEST;
}
