/** A linear layer: real-valued y = W x + b, binary y = sign(x) . (s (*) sign(W))^T, or uniformly quantized after training. */
import { applyBiRealSign } from '@/lib/quantizers/bi-real-sign';
import { multiplyByWeightSigns, type BinaryWeights } from '@/lib/quantizers/weight-sign';
import { quantizeLeastSquares, quantizeSymmetric } from '@/lib/quantizers/uniform';
import { tf, withGradient } from '@/lib/tf';
import type { SignOfZero } from '@/lib/quantizers/parameters';
import type { LinearQuantization, UniformBits } from '@/models/quantization';
import type { ParameterReader } from '@/models/parameter-reader';

export type Linear =
  | { readonly kind: 'real'; readonly weight: tf.Tensor2D; readonly bias: tf.Tensor1D } // [O, I], [O]
  | { readonly kind: 'binary'; readonly weights: BinaryWeights; readonly signOfZero: SignOfZero }
  | {
      readonly kind: 'uniform';
      readonly weights: UniformWeights;
      readonly bias: tf.Tensor1D; // [O]
      /** `null`: real-valued inputs. */
      readonly inputBits: UniformBits | null;
    };

/** Real weights are their own integers, with a scale of 1. */
type UniformWeights = { readonly integers: tf.Tensor2D; readonly scale: tf.Tensor2D }; // [O, I], [O, 1]

/**
 * Reads `weight` and `bias`; for a binary linear `weight` as trained, or `weightBits` and `weightScale` as shipped.
 *
 * @param size inputs I and outputs O
 * @throws CheckpointError
 */
export function readLinear(
  reader: ParameterReader,
  { from, to }: { readonly from: number; readonly to: number },
  quantization: LinearQuantization | null,
): Linear {
  if (quantization === null) {
    return {
      kind: 'real',
      weight: reader.parameter<tf.Rank.R2>('weight', [to, from]),
      bias: reader.parameter<tf.Rank.R1>('bias', [to]),
    };
  }
  if (quantization.kind === 'uniform') {
    const { weightBits, inputBits } = quantization;
    const quantized = (weight: tf.Tensor2D): UniformWeights =>
      weightBits === null
        ? { integers: tf.clone(weight), scale: tf.ones([to, 1]) }
        : quantizeLeastSquares(weight, weightBits, 1);
    const weights = reader.derived<tf.Rank.R2, UniformWeights>('weight', [to, from], quantized);
    return { kind: 'uniform', weights, bias: reader.parameter<tf.Rank.R1>('bias', [to]), inputBits };
  }
  reader.ignore(
    'bias',
    'A binary linear has no bias: the official checkpoints carry one that their forward never uses.',
  );
  const weights: BinaryWeights =
    reader.has('weightBits') || reader.has('weightScale')
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
    case 'uniform':
      return tf.add(multiplyUniform(rows, linear.weights, linear.inputBits), linear.bias);
  }
}

/** x . W^T of integers first, then the scale of each token and of each output. Straight-through backwards. */
function multiplyUniform(
  rows: tf.Tensor2D,
  { integers, scale }: UniformWeights,
  inputBits: UniformBits | null,
): tf.Tensor2D {
  return withGradient(
    [rows],
    () => {
      const inputs = inputBits === null ? { integers: rows, scale: null } : quantizeSymmetric(rows, inputBits, 1);
      const sums = tf.matMul<tf.Tensor2D>(inputs.integers, tf.transpose(integers)); // [M, O]
      const scaled = inputs.scale === null ? sums : tf.mul<tf.Tensor2D>(sums, inputs.scale); // [M, 1]
      return { value: tf.mul<tf.Tensor2D>(scaled, tf.transpose(scale)), saved: [integers, scale] };
    },
    (gradient, savedIntegers, savedScale) => [
      tf.matMul(tf.mul<tf.Tensor2D>(gradient, tf.transpose(savedScale)), savedIntegers), // [M, I]
    ],
  );
}

/**
 * x . W^T, [M, I] and [O, I] -> [M, O]. Transposes are explicit, forward and backward: the flags of `matMul` take the wasm backend off
 * its fast kernel (14 times slower here).
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
