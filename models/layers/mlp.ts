/** The feed-forward half of a block: fc2(clip(GELU(fc1(x)))), with the exact GELU x * (1 + erf(x / sqrt 2)) / 2. */
import { tf } from '@/lib/tf';
import type { CommonConfig } from '@/models/architectures/common-config';
import { mlpHiddenSize } from '@/models/architectures/mlp-size';
import type { Quantization } from '@/models/quantization';
import { applyLinear, readLinear, type Linear } from '@/models/layers/linear';
import type { ParameterReader } from '@/models/parameter-reader';
import type { Recorder } from '@/models/recorder';

export interface Mlp {
  readonly fc1: Linear;
  readonly fc2: Linear;
  /** GELU is clipped to [-geluClip, geluClip]; `null`: not clipped. */
  readonly geluClip: number | null;
}

/** @throws CheckpointError */
export function readMlp(
  reader: ParameterReader,
  config: Pick<CommonConfig, 'embedDim' | 'mlpRatio'>,
  { linear, geluClip }: Quantization,
): Mlp {
  const hidden = mlpHiddenSize(config);
  return {
    fc1: readLinear(reader.in('fc1'), { from: config.embedDim, to: hidden }, linear),
    fc2: readLinear(reader.in('fc2'), { from: hidden, to: config.embedDim }, linear),
    geluClip,
  };
}

/** [B, N, C] -> [B, N, C]; records fc1_input and fc2_input */
export function applyMlp(x: tf.Tensor3D, { fc1, fc2, geluClip }: Mlp, recorder: Recorder): tf.Tensor3D {
  const hidden = activate(applyLinear(recorder.record('fc1_input', x), fc1), geluClip); // [B, N, hidden]
  return applyLinear(recorder.record('fc2_input', hidden), fc2);
}

/** Between fc1 and fc2. */
export function activate<T extends tf.Tensor>(x: T, geluClip: number | null): T {
  const value = gelu(x);
  return geluClip === null ? value : tf.clipByValue(value, -geluClip, geluClip);
}

function gelu<T extends tf.Tensor>(x: T): T {
  return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))));
}
