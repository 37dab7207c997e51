/**
 * A linear layer on bits: y_o = s_o * sum_i sign(x_i) sign(W_oi), q(0) = +1.
 *
 * Forward only: the recorder and the gradients stay on the float path (`lib/quantizers/weight-sign`), which gives the same numbers,
 * bit for bit (on webgpu but for the last bits of the scaling), except for rows that hold NaN (see `layout.ts`). On a backend without
 * packed kernels (webgl) the same functions compute unpacked, with floats.
 */
import { MAX_NIBBLE_DEPTH, NIBBLE_OUTPUTS } from '@/lib/kernels/layout';
import { hasPackedKernels, multiplyWeights, packRows, packWeightBits, tidied } from '@/lib/kernels/run-kernels';
import { multiplyIntegers } from '@/lib/kernels/unpacked';
import { tf } from '@/lib/tf';

export type SignRows =
  | { readonly kind: 'packed'; readonly bits: tf.Tensor3D; readonly depth: number } // [1, M, words]
  | { readonly kind: 'unpacked'; readonly signs: tf.Tensor2D }; // [M, I]

export type WeightPanels =
  | {
      readonly kind: 'packed';
      /** As the backend lays them out; see `layout.ts`. */
      readonly bits: tf.Tensor;
      readonly scale: tf.Tensor1D; // [64 * ceil(O / 64)]
      readonly outputs: number;
      readonly depth: number;
    }
  | { readonly kind: 'unpacked'; readonly signs: tf.Tensor2D; readonly scale: tf.Tensor1D }; // [I, O], [O]

/** @param x [M, I] */
export function packSigns(x: tf.Tensor2D): SignRows {
  const [rows, depth] = x.shape;
  return tidied((): SignRows => {
    if (!hasPackedKernels()) return { kind: 'unpacked', signs: signsOf(x) };
    return { kind: 'packed', bits: packRows(tf.reshape<tf.Rank.R3>(x, [1, rows, depth]), { rule: 'sign' }), depth };
  });
}

/**
 * Once for a model: signs and scales of the weights, laid out for the kernel. The caller disposes the result.
 *
 * @param weight [O, I], latent or already signs
 * @param scale [O]
 * @throws RangeError for rows of no weights, or of more than 32767
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
    const bits = packRows(tf.reshape<tf.Rank.R3>(weight, [1, outputs, depth]), { rule: 'sign' });
    const padded = tf.pad1d(scale, [0, -outputs & (NIBBLE_OUTPUTS - 1)]);
    return { kind: 'packed', bits: packWeightBits(bits), scale: padded, outputs, depth };
  });
}

/**
 * @returns [M, O]
 * @throws RangeError where the rows are not as long as the weights', or one is packed and the other is not
 */
export function binaryLinear(rows: SignRows, weights: WeightPanels): tf.Tensor2D {
  return tf.tidy(() => {
    if (rows.kind === 'unpacked' && weights.kind === 'unpacked') {
      return tf.mul<tf.Tensor2D>(multiplyIntegers(rows.signs, weights.signs), weights.scale);
    }
    if (rows.kind === 'unpacked' || weights.kind === 'unpacked') {
      throw new RangeError(`The rows are ${rows.kind}, the weights are ${weights.kind}: both belong to one backend.`);
    }
    const { outputs, depth, bits, scale } = weights;
    if (rows.depth !== depth) throw new RangeError(`Rows of ${rows.depth} signs meet weights of ${depth}.`);
    const y = multiplyWeights({ a: rows.bits, b: bits, scale }, { outputs, depth });
    return tf.reshape<tf.Rank.R2>(y, [rows.bits.shape[1], outputs]); // [M, O]
  });
}

/** As `packed` bits have it: +1 where x >= 0, else -1, NaN included. */
function signsOf(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.sub<tf.Tensor2D>(tf.mul(2, tf.cast(tf.greaterEqual(x, 0), 'float32')), 1));
}
