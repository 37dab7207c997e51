/**
 * A linear layer on bits: y_o = s_o * sum_i sign(x_i) sign(W_oi), q(0) = +1.
 *
 * There is no gradient. The float path (`lib/quantizers/weight-sign`) gives the same numbers bit for bit (on webgpu up to rounding in
 * the scaling), except in rows with NaN (see `layout.ts`). Backends without packed kernels (webgl) compute with floats instead.
 */
import { MAX_NIBBLE_DEPTH, NIBBLE_OUTPUTS } from '@/lib/kernels/layout';
import { hasPackedKernels, runKernel, tidied } from '@/lib/kernels/packed-kernels';
import { multiplyIntegers } from '@/lib/kernels/unpacked';
import { tf } from '@/lib/tf';

export type SignRows =
  | { readonly kind: 'packed'; readonly bits: tf.Tensor3D; readonly depth: number } // [1, M, words]
  | { readonly kind: 'unpacked'; readonly signs: tf.Tensor2D }; // [M, I]

export type WeightPanels =
  | {
      readonly kind: 'packed';
      /** In the backend's layout; see `layout.ts`. */
      readonly bits: tf.Tensor;
      readonly scale: tf.Tensor1D; // [64 * ceil(O / 64)]
      readonly outputs: number;
      readonly depth: number;
    }
  | { readonly kind: 'unpacked'; readonly signs: tf.Tensor2D; readonly scale: tf.Tensor1D }; // [I, O], [O]

/** @param x [M, I] */
export function packSigns(x: tf.Tensor2D): SignRows {
  const depth = x.shape[1];
  return tidied((): SignRows => {
    if (!hasPackedKernels()) return { kind: 'unpacked', signs: signsOf(x) };
    return { kind: 'packed', bits: packRows(x), depth };
  });
}

/**
 * Signs and scales of the weights in the kernel's layout; call once per model and dispose the result.
 *
 * @param weight [O, I], latent or already signs
 * @param scale [O]
 * @throws RangeError unless a row has 1 to 32767 weights
 */
export function packWeights(weight: tf.Tensor2D, scale: tf.Tensor1D): WeightPanels {
  const [outputs, depth] = weight.shape;
  if (depth < 1 || depth > MAX_NIBBLE_DEPTH) {
    throw new RangeError(`A row has 1 to ${MAX_NIBBLE_DEPTH} weights, got ${depth}.`);
  }
  return tidied((): WeightPanels => {
    if (!hasPackedKernels()) {
      return { kind: 'unpacked', signs: tf.transpose(signsOf(weight)), scale: tf.clone(scale) };
    }
    const bits = runKernel('packWeights', { bits: packRows(weight) }, {});
    const padded = tf.pad1d(scale, [0, -outputs & (NIBBLE_OUTPUTS - 1)]);
    return { kind: 'packed', bits, scale: padded, outputs, depth };
  });
}

/**
 * @returns [M, O]
 * @throws RangeError where the rows' lengths differ from the weights', or one factor is packed and the other is not
 */
export function binaryLinear(rows: SignRows, weights: WeightPanels): tf.Tensor2D {
  return tf.tidy(() => {
    if (rows.kind === 'unpacked' && weights.kind === 'unpacked') {
      return tf.mul<tf.Tensor2D>(multiplyIntegers(rows.signs, weights.signs), weights.scale);
    }
    if (rows.kind === 'unpacked' || weights.kind === 'unpacked') {
      throw new RangeError(
        `The rows are ${rows.kind}, the weights are ${weights.kind}: they belong to different backends.`,
      );
    }
    const { outputs, depth, bits, scale } = weights;
    if (rows.depth !== depth) throw new RangeError(`Rows of ${rows.depth} signs meet weights of ${depth}.`);
    const y = runKernel('multiplyWeights', { a: rows.bits, b: bits, scale }, { outputs, depth }); // [1, M, O]
    return tf.reshape<tf.Rank.R2>(y, [rows.bits.shape[1], outputs]); // [M, O]
  });
}

function packRows(x: tf.Tensor2D): tf.Tensor3D {
  return runKernel('packRows', { x: tf.reshape(x, [1, ...x.shape]) }, { rule: 'sign' }); // [1, rows, words]
}

/** As bits: +1 where x >= 0, else -1, also for NaN. */
function signsOf(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.sub<tf.Tensor2D>(tf.mul(2, tf.cast(tf.greaterEqual(x, 0), 'float32')), 1));
}
