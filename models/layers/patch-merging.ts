/**
 * Swin's patch merging: four neighbouring tokens become one of twice the width.
 *
 *     y = reduction(Q(norm([x(0,0), x(1,0), x(0,1), x(1,1)])))
 *
 * where Q and the reduction are Bi-ViT's quantizers (an alpha and zero point for each input channel, a learned alpha for each output
 * channel), or the identity and a real matrix.
 */
import { multiplyByLearnedSigns } from '@/lib/quantizers/learned-weight-sign';
import { tf } from '@/lib/tf';
import type { SignOfZero } from '@/lib/quantizers/parameters';
import type { Quantization } from '@/models/quantization';
import { quantizeActivation, readActivationQuantizer, type ActivationQuantizer } from '@/models/layers/activation';
import { applyLayerNorm, readLayerNorm, type LayerNorm } from '@/models/layers/layer-norm';
import type { ParameterReader } from '@/models/parameter-reader';

export interface PatchMerging {
  readonly gridSide: number;
  readonly norm: LayerNorm;
  readonly weight: tf.Tensor2D; // [2C, 4C]
  /** `null`: a real-valued product. */
  readonly quantizer: {
    readonly act: ActivationQuantizer;
    readonly alpha: tf.Tensor1D; // [2C]
    readonly signOfZero: SignOfZero;
  } | null;
}

/** @throws CheckpointError */
export function readPatchMerging(
  reader: ParameterReader,
  { embedDim, gridSide, normEps }: { readonly embedDim: number; readonly gridSide: number; readonly normEps: number },
  { linear, qkv }: Quantization,
): PatchMerging {
  const reduction = reader.in('reduction');
  const binary = linear?.kind === 'binary' ? linear : null;
  if (binary !== null) reduction.ignore('initState', 'Bookkeeping of the training; the forward does not use it.');
  return {
    gridSide,
    norm: readLayerNorm(reader.in('norm'), 4 * embedDim, normEps),
    weight: reduction.parameter<tf.Rank.R2>('weight', [2 * embedDim, 4 * embedDim]),
    quantizer: binary && {
      act: readActivationQuantizer(reduction.in('act'), 4 * embedDim, qkv, 3),
      alpha: reduction.nonZero('alpha', [2 * embedDim]),
      signOfZero: binary.signOfZero,
    },
  };
}

/** [B, side^2, C] -> [B, (side / 2)^2, 2C] */
export function applyPatchMerging(x: tf.Tensor3D, { gridSide, norm, weight, quantizer }: PatchMerging): tf.Tensor3D {
  const [batch] = x.shape;
  const normed = applyLayerNorm(gatherNeighbours(x, gridSide), norm); // [B, M, 4C]
  const [, tokens, channels] = normed.shape;
  const values = quantizer === null ? normed : quantizeChannels(normed, quantizer.act);
  const rows = tf.reshape<tf.Rank.R2>(values, [batch * tokens, channels]);
  const merged =
    quantizer === null
      ? tf.matMul(rows, tf.transpose(weight))
      : multiplyByLearnedSigns(rows, weight, quantizer.alpha, quantizer.signOfZero);
  return tf.reshape(merged, [batch, tokens, -1]); // [B, M, 2C]
}

/** (row, column) in the order (0,0), (1,0), (0,1), (1,1). [B, side^2, C] -> [B, (side / 2)^2, 4C] */
function gatherNeighbours(x: tf.Tensor3D, side: number): tf.Tensor3D {
  const [batch, , channels] = x.shape;
  const half = side / 2;
  const apart = tf.reshape(x, [batch * half, 2, half, 2, channels]); // [.., row, half, column, C]
  const together = tf.transpose(apart, [0, 2, 3, 1, 4]); // [.., half, column, row, C]
  return tf.reshape(together, [batch, half ** 2, 4 * channels]);
}

/** An alpha and zero point for each channel, as for the heads of an attention. */
function quantizeChannels(x: tf.Tensor3D, act: ActivationQuantizer): tf.Tensor3D {
  const byChannel = tf.expandDims<tf.Tensor4D>(tf.transpose(x, [0, 2, 1]), -1); // [B, 4C, M, 1]
  const { value } = quantizeActivation(byChannel, act);
  return tf.transpose(tf.squeeze<tf.Tensor3D>(value, [3]), [0, 2, 1]);
}
