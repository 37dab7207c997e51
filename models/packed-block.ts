/** A binarized transformer block for the packed kernels. */
import type { AttentionSpec, BlockSpec, HeadLinear, ScaledLinear } from '@/lib/kernels/forward/spec';
import { tf } from '@/lib/tf';
import type { CommonConfig } from '@/models/architectures/common-config';
import type { Attention } from '@/models/layers/attention';
import type { LayerNorm } from '@/models/layers/layer-norm';
import { activate, type Mlp } from '@/models/layers/mlp';
import type { PatchEmbed } from '@/models/layers/patch-embed';
import {
  elasticAlphas,
  floats,
  leastPositive,
  normSpec,
  rowsOf,
  scaledLinear,
  signAlphas,
  signLinear,
} from '@/models/packed-layers';

export function patchSpec({ weight, bias }: PatchEmbed, { inChannels, imageSize, patchSize }: CommonConfig) {
  return { channels: inChannels, imageSize, patchSize, weight: floats(weight), bias: floats(bias) };
}

/** What an attention's windows are, and its position bias. */
export type AttentionView = Pick<AttentionSpec, 'windows' | 'tokens' | 'order' | 'bias'>;

/** The parameters of a block. */
export interface BlockLayers {
  readonly name: string;
  readonly norm1: LayerNorm;
  readonly attn: Attention;
  readonly norm2: LayerNorm;
  readonly mlp: Mlp;
}

/** @throws PackedUnavailableError */
export function blockSpec(
  { name, norm1, attn, norm2, mlp }: BlockLayers,
  view: AttentionView,
  geluClip: number | null,
): BlockSpec {
  return {
    kind: 'block',
    name,
    norm1: normSpec(norm1),
    attention: attentionSpec(attn, view),
    norm2: normSpec(norm2),
    fc1: signLinear(scaledLinear(mlp.fc1), (y) => activate(y, geluClip)),
    fc2: scaledLinear(mlp.fc2),
  };
}

function attentionSpec(attn: Attention, view: AttentionView): AttentionSpec {
  const { numHeads: heads } = attn;
  const qkv = scaledLinear(attn.qkv);
  const width = qkv.depth;
  const [alphaQ, alphaK, alphaV] = [signAlphas(attn.qAct), signAlphas(attn.kAct), signAlphas(attn.vAct)];
  return {
    ...view,
    heads,
    size: width / heads,
    q: headLinear(rowsOf(qkv, 0, width), attn.normQ, alphaQ),
    k: headLinear(rowsOf(qkv, width, width), attn.normK, alphaK),
    v: signLinear(rowsOf(qkv, 2 * width, width), (y) => divided(y, alphaV)),
    scale: alphaQ.map((alpha, head) => alpha * (alphaK[head] ?? NaN)),
    alphaQ,
    alphaK,
    alphaV,
    alpha: elasticAlphas(attn.attnAct),
    proj: scaledLinear(attn.proj),
  };
}

/** @param alpha [H] */
function headLinear(linear: ScaledLinear, norm: LayerNorm | null, alpha: Float32Array): HeadLinear {
  if (norm === null) return { kind: 'plain', linear: signLinear(linear, (y) => divided(y, alpha)) };
  return { kind: 'normed', linear, norm: normSpec(norm), from: alpha.map(leastPositive) };
}

/** y_o / alpha of the head that output o belongs to. @param y [O, I + 1] */
function divided(y: tf.Tensor2D, alpha: Float32Array): tf.Tensor2D {
  const [outputs] = y.shape;
  const size = outputs / alpha.length;
  const each = Float32Array.from({ length: outputs }, (_, output) => alpha[Math.floor(output / size)] ?? NaN);
  return tf.div(y, tf.tensor2d(each, [outputs, 1]));
}
