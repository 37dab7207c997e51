/**
 * Cuts an image into square patches and projects each: a convolution with its kernel size as stride, written as a matrix product
 * because the wasm backend has no gradient of a convolution's filter.
 */
import { tf } from '@/lib/tf';
import type { CommonConfig } from '@/models/architectures/common-config';
import { applyLinear, type Linear } from '@/models/layers/linear';
import type { ParameterReader } from '@/models/parameter-reader';

export interface PatchEmbed {
  readonly patchSize: number;
  /** As in a convolution. */
  readonly weight: tf.Tensor4D; // [C, channels, patch, patch]
  readonly bias: tf.Tensor1D; // [C]
}

/** @throws CheckpointError */
export function readPatchEmbed(reader: ParameterReader, { embedDim, inChannels, patchSize }: CommonConfig): PatchEmbed {
  const proj = reader.in('proj');
  return {
    patchSize,
    weight: proj.parameter<tf.Rank.R4>('weight', [embedDim, inChannels, patchSize, patchSize]),
    bias: proj.parameter<tf.Rank.R1>('bias', [embedDim]),
  };
}

/** [B, channels, height, width] -> [B, N, C], patches row by row */
export function applyPatchEmbed(images: tf.Tensor4D, { patchSize, weight, bias }: PatchEmbed): tf.Tensor3D {
  const [batch, channels, height, width] = images.shape;
  const rows = height / patchSize;
  const columns = width / patchSize;
  const cut = tf.reshape(images, [batch, channels, rows, patchSize, columns, patchSize]);
  const patches = tf.transpose(cut, [0, 2, 4, 1, 3, 5]); // [B, rows, columns, channels, patch, patch]
  const flat = tf.reshape<tf.Rank.R3>(patches, [batch, rows * columns, channels * patchSize ** 2]); // [B, N, channels * patch^2]
  const linear: Linear = { kind: 'real', weight: tf.reshape<tf.Rank.R2>(weight, [weight.shape[0], -1]), bias };
  return applyLinear(flat, linear); // [B, N, C]
}
