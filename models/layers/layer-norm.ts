/** Layer normalization over the last axis: (x - mean) / sqrt(variance + eps) * weight + bias, with the biased variance. */
import { tf } from '@/lib/tf';
import type { ParameterReader } from '@/models/parameter-reader';

export interface LayerNorm {
  readonly weight: tf.Tensor1D; // [C]
  readonly bias: tf.Tensor1D; // [C]
  readonly eps: number;
}

/** @throws CheckpointError */
export function readLayerNorm(reader: ParameterReader, size: number, eps: number): LayerNorm {
  return {
    weight: reader.parameter<tf.Rank.R1>('weight', [size]),
    bias: reader.parameter<tf.Rank.R1>('bias', [size]),
    eps,
  };
}

/** [..., C] -> [..., C] */
export function applyLayerNorm<T extends tf.Tensor>(x: T, { weight, bias, eps }: LayerNorm): T {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true); // [..., 1]
  const normalized = tf.mul(centred, tf.rsqrt(tf.add(variance, eps)));
  return tf.add(tf.mul(normalized, weight), bias);
}
