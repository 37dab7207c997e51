/**
 * Products of an attention's activations, head by head.
 *
 * The wasm backend has a fast kernel for a single matrix product, and a slow one for a batch or a transposed factor (14 times slower
 * here). There a batch is multiplied one by one, and transposes are explicit, forward and backward.
 */
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf, withGradient } from '@/lib/tf';

/**
 * a . b, or a . b^T: for two quantized activations the sum of integers first, then both scales.
 * The gradient is that of the dequantized product.
 *
 * @param a [B, H, N, K]
 * @param b [B, H, K, M], or [B, H, M, K] when transposed
 * @returns [B, H, N, M]
 */
export function multiplyQuantized(a: Quantized, b: Quantized, transposeB: boolean): tf.Tensor4D {
  const [left, right] = [a.levels, b.levels];
  return withGradient(
    [a.value, b.value],
    () => {
      if (left === null || right === null) {
        return { value: multiply(a.value, oriented(b.value, transposeB)), saved: [a.value, b.value] };
      }
      const sums = multiply(left.integers, oriented(right.integers, transposeB));
      const rightScale = transposeB ? acrossColumns(right.scale) : right.scale; // [1, H, 1, 1], or [B, H, 1, M]
      return { value: tf.mul<tf.Tensor4D>(sums, tf.mul(left.scale, rightScale)), saved: [a.value, b.value] };
    },
    (gradient, savedA, savedB) => [
      multiply(gradient, oriented(savedB, !transposeB)),
      transposeB ? multiply(transposed(gradient), savedA) : multiply(transposed(savedA), gradient),
    ],
  );
}

/** A scale for each row is one for each column of the transpose; one for each head stays as it is. */
function acrossColumns(scale: tf.Tensor4D): tf.Tensor4D {
  return scale.shape[2] === 1 ? scale : transposed(scale);
}

function transposed(x: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(x, [0, 1, 3, 2]);
}

function oriented(x: tf.Tensor4D, isTransposed: boolean): tf.Tensor4D {
  return isTransposed ? transposed(x) : x;
}

/** [B, H, N, K] . [B, H, K, M] -> [B, H, N, M]; no gradient of its own. */
function multiply(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor4D {
  const [batch, heads, rows, depth] = a.shape;
  const columns = b.shape[3];
  if (tf.getBackend() !== 'wasm') return tf.matMul(a, b);
  return tf.tidy(() => {
    const lefts = matrices(a, rows, depth);
    const rights = matrices(b, depth, columns);
    const products = lefts.map((left, i) => tf.matMul<tf.Tensor2D>(left, rights[i] ?? left));
    return tf.reshape(tf.concat(products, 0), [batch, heads, rows, columns]);
  });
}

/** Each matrix of a batch. Through JavaScript: for every slice, the wasm backend copies the whole tensor. */
function matrices(x: tf.Tensor4D, rows: number, columns: number): readonly tf.Tensor2D[] {
  const [batch, heads] = x.shape;
  if (batch * heads === 1) return [tf.reshape<tf.Rank.R2>(x, [rows, columns])];
  const values = x.dataSync<'float32'>();
  const size = rows * columns;
  return Array.from({ length: batch * heads }, (_, i) =>
    tf.tensor2d(values.subarray(i * size, (i + 1) * size), [rows, columns]),
  );
}
