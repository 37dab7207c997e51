/** A transformer block, whose attention may see all tokens or windows: x += attend(norm1(x));  x += mlp(norm2(x)). */
import { tf } from '@/lib/tf';
import type { CommonConfig } from '@/models/architectures/common-config';
import { readAttention, type Attention, type AttentionSize } from '@/models/layers/attention';
import { applyLayerNorm, readLayerNorm, type LayerNorm } from '@/models/layers/layer-norm';
import { applyMlp, readMlp, type Mlp } from '@/models/layers/mlp';
import type { ParameterReader } from '@/models/parameter-reader';
import type { Quantization } from '@/models/quantization';
import type { Recorder } from '@/models/recorder';

export interface BlockLayers {
  /** `blocks.0` */
  readonly name: string;
  readonly norm1: LayerNorm;
  readonly attn: Attention;
  readonly norm2: LayerNorm;
  readonly mlp: Mlp;
}

/** @throws CheckpointError */
export function readBlock(
  reader: ParameterReader,
  name: string,
  size: AttentionSize & Pick<CommonConfig, 'mlpRatio' | 'normEps'>,
  quantization: Quantization,
): BlockLayers {
  const block = reader.in(name);
  return {
    name,
    norm1: readLayerNorm(block.in('norm1'), size.embedDim, size.normEps),
    attn: readAttention(block.in('attn'), size, quantization),
    norm2: readLayerNorm(block.in('norm2'), size.embedDim, size.normEps),
    mlp: readMlp(block.in('mlp'), size, quantization),
  };
}

/** [B, N, C] -> [B, N, C]; records fc1_input, fc2_input and output */
export function applyBlock(
  x: tf.Tensor3D,
  { norm1, norm2, mlp }: BlockLayers,
  recorder: Recorder,
  attend: (normalized: tf.Tensor3D) => tf.Tensor3D,
): tf.Tensor3D {
  const middle = tf.add<tf.Tensor3D>(x, attend(applyLayerNorm(x, norm1)));
  return recorder.record('output', tf.add(middle, applyMlp(applyLayerNorm(middle, norm2), mlp, recorder)));
}
