/** A linear layer, real-valued or binary: y = W x + b, or y = sign(x) . (s (*) sign(W))^T. */
import { applyBiRealSign } from '@/lib/quantizers/bi-real-sign';
import { multiplyByWeightSigns, type BinaryWeights } from '@/lib/quantizers/weight-sign';
import { tf, withGradient } from '@/lib/tf';
import type { LinearQuantization, SignOfZero } from '@/models/config';
import type { ParameterReader } from '@/models/parameter-reader';

export type Linear =
  | { readonly kind: 'real'; readonly weight: tf.Tensor2D; readonly bias: tf.Tensor1D } // [O, I], [O]
  | { readonly kind: 'binary'; readonly weights: BinaryWeights; readonly signOfZero: SignOfZero };

export interface LinearSize {
  /** I */
  readonly from: number;
  /** O */
  readonly to: number;
}

/**
 * Reads `weight` and `bias`; for a binary linear `weight` as it was trained, or `weightBits` and `weightScale` as it is shipped.
 *
 * @throws CheckpointError
 */
export function readLinear(
  reader: ParameterReader,
  { from, to }: LinearSize,
  quantization: LinearQuantization | null,
): Linear {
  if (quantization === null) {
    return {
      kind: 'real',
      weight: reader.parameter<tf.Rank.R2>('weight', [to, from]),
      bias: reader.parameter<tf.Rank.R1>('bias', [to]),
    };
  }
  reader.ignore(
    'bias',
    'A binary linear has no bias: the official checkpoints carry one that their forward never uses.',
  );
  const weights: BinaryWeights = reader.has('weightBits')
    ? {
        kind: 'signs',
        signs: reader.signs('weightBits', to, from),
        scale: reader.constant<tf.Rank.R1>('weightScale', [to]),
      }
    : { kind: 'latent', weight: reader.parameter<tf.Rank.R2>('weight', [to, from]) };
  return { kind: 'binary', weights, signOfZero: quantization.signOfZero };
}

/** [B, N, I] -> [B, N, O] */
export function applyLinear(x: tf.Tensor3D, linear: Linear): tf.Tensor3D {
  const [batch, tokens, from] = x.shape;
  const rows = tf.reshape<tf.Rank.R2>(x, [batch * tokens, from]); // [B * N, I]
  return tf.reshape(multiplyRows(rows, linear), [batch, tokens, -1]); // [B, N, O]
}

/** [M, I] -> [M, O] */
export function multiplyRows(rows: tf.Tensor2D, linear: Linear): tf.Tensor2D {
  switch (linear.kind) {
    case 'real':
      return tf.add(multiplyByTransposed(rows, linear.weight), linear.bias);
    case 'binary':
      return multiplyByWeightSigns(applyBiRealSign(rows, linear), linear.weights, linear.signOfZero);
  }
}

/**
 * x . W^T, [M, I] and [O, I] -> [M, O]. Transposes are written out, forward and backward: with the flags of `matMul` the wasm
 * backend leaves its fast kernel (14 times slower here).
 */
function multiplyByTransposed(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  return withGradient(
    [x, weight],
    () => ({ value: tf.matMul<tf.Tensor2D>(x, tf.transpose(weight)), saved: [x, weight] }),
    (gradient, savedX, savedWeight) => [
      tf.matMul(gradient, savedWeight), // [M, I]
      tf.matMul(tf.transpose(gradient), savedX), // [O, I]
    ],
  );
}
