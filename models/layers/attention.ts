/**
 * Multi-head self-attention:
 *
 *     q, k, v = qkv(x);  scores = Q(norm(q)) Q(norm(k))^T / sqrt(D);  attention = softmax(scores);  out = proj(Q(attention) Q(v))
 *
 * where Q is a quantizer or the identity, and norm a LayerNorm over the head or the identity.
 */
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf } from '@/lib/tf';
import type { Quantization } from '@/models/quantization';
import {
  givenActivation,
  quantizeActivation,
  readActivationQuantizer,
  type ActivationQuantizer,
  type Owner,
} from '@/models/layers/activation';
import { givenAttention, quantizeAttention, type AttentionQuantizer } from '@/models/layers/attention-activation';
import { applyLayerNorm, readLayerNorm, type LayerNorm } from '@/models/layers/layer-norm';
import { applyLinear, readLinear, type Linear } from '@/models/layers/linear';
import { multiplyQuantized } from '@/models/layers/product';
import type { ParameterReader } from '@/models/parameter-reader';
import type { Recorder } from '@/models/recorder';

export interface AttentionQuantizers {
  readonly qAct: ActivationQuantizer;
  readonly kAct: ActivationQuantizer;
  readonly vAct: ActivationQuantizer;
  readonly attnAct: AttentionQuantizer;
}

export interface Attention extends AttentionQuantizers {
  readonly numHeads: number;
  readonly qkv: Linear;
  /** `null`: no norm. */
  readonly normQ: LayerNorm | null;
  readonly normK: LayerNorm | null;
  readonly proj: Linear;
}

export interface AttentionSize {
  readonly embedDim: number;
  readonly numHeads: number;
  readonly qkNormEps: number;
}

/** @throws CheckpointError */
export function readAttention(
  reader: ParameterReader,
  { embedDim, numHeads, qkNormEps }: AttentionSize,
  quantization: Quantization,
): Attention {
  const size = embedDim / numHeads;
  const { linear, qkNorm } = quantization;
  return {
    numHeads,
    qkv: readLinear(reader.in('qkv'), { from: embedDim, to: 3 * embedDim }, linear),
    normQ: qkNorm ? readLayerNorm(reader.in('normQ'), size, qkNormEps) : null,
    normK: qkNorm ? readLayerNorm(reader.in('normK'), size, qkNormEps) : null,
    ...readQuantizers(reader, numHeads, quantization),
    proj: readLinear(reader.in('proj'), { from: embedDim, to: embedDim }, linear),
  };
}

function readQuantizers(
  reader: ParameterReader,
  numHeads: number,
  { qkv, attention, given }: Quantization,
): AttentionQuantizers {
  if (given !== null) {
    const own: Owner = (tensor) => reader.own(tensor);
    return {
      qAct: givenActivation(own, given.q),
      kAct: givenActivation(own, given.k),
      vAct: givenActivation(own, given.v),
      attnAct: givenAttention(own, given.attention),
    };
  }
  return {
    qAct: readActivationQuantizer(reader.in('qAct'), numHeads, qkv),
    kAct: readActivationQuantizer(reader.in('kAct'), numHeads, qkv),
    vAct: readActivationQuantizer(reader.in('vAct'), numHeads, qkv, 2),
    attnAct: readActivationQuantizer(reader.in('attnAct'), numHeads, attention),
  };
}

/**
 * [B, N, C] -> [B, N, C]; records qkv_input, q, k, v, q_binary, k_binary, v_binary, scores, attention, attention_binary and proj_input
 *
 * @param bias added to the scores, [1 or B, H, N, N]: position bias and mask of windows
 */
export function applyAttention(
  x: tf.Tensor3D,
  layer: Attention,
  recorder: Recorder,
  bias: tf.Tensor4D | null = null,
): tf.Tensor3D {
  const [q, k, v] = splitInThree(applyLinear(recorder.record('qkv_input', x), layer.qkv)) // [B, N, C] each
    .map((part) => splitHeads(part, layer.numHeads)); // [B, H, N, D]
  if (q === undefined || k === undefined || v === undefined) throw new Error('split into three gave fewer');

  const qNormed = recorder.record('q', layer.normQ === null ? q : applyLayerNorm(q, layer.normQ));
  const kNormed = recorder.record('k', layer.normK === null ? k : applyLayerNorm(k, layer.normK));
  const qBinary = recorded('q_binary', quantizeActivation(qNormed, layer.qAct), recorder);
  const kBinary = recorded('k_binary', quantizeActivation(kNormed, layer.kAct), recorder);
  const vBinary = recorded('v_binary', quantizeActivation(recorder.record('v', v), layer.vAct), recorder);

  const products = multiplyQuantized(qBinary, kBinary, true); // [B, H, N, N]
  const scaled = tf.div<tf.Tensor4D>(products, Math.sqrt(q.shape[3]));
  const scores = recorder.record('scores', bias === null ? scaled : tf.add<tf.Tensor4D>(scaled, bias));
  const attention = recorder.record('attention', tf.softmax(scores, -1));
  const attentionBinary = recorded(
    'attention_binary',
    quantizeAttention({ attention, scores }, layer.attnAct),
    recorder,
  );

  const mixed = multiplyQuantized(attentionBinary, vBinary, false); // [B, H, N, D]
  return applyLinear(recorder.record('proj_input', mergeHeads(mixed)), layer.proj);
}

/** Lets the recorder intervene and records the stage, which a real-valued activation does not have. */
function recorded(stage: string, own: Quantized, recorder: Recorder): Quantized {
  const quantized = recorder.intervene?.(stage, own) ?? own;
  if (quantized.levels === null) return quantized;
  return { ...quantized, value: recorder.record(stage, quantized.value) };
}

/** [B, N, 3C] -> three of [B, N, C]. Moved to the front first: a split along the last axis cuts every row, which is slow. */
function splitInThree(x: tf.Tensor3D): readonly tf.Tensor3D[] {
  const [batch, tokens, channels] = x.shape;
  const parts = tf.transpose(tf.reshape(x, [batch, tokens, 3, channels / 3]), [2, 0, 1, 3]); // [3, B, N, C]
  return tf.unstack(parts).map((part) => tf.reshape(part, [batch, tokens, channels / 3]));
}

/** [B, N, C] -> [B, H, N, D] */
function splitHeads(x: tf.Tensor3D, numHeads: number): tf.Tensor4D {
  const [batch, tokens, channels] = x.shape;
  const heads = tf.reshape<tf.Rank.R4>(x, [batch, tokens, numHeads, channels / numHeads]); // [B, N, H, D]
  return tf.transpose(heads, [0, 2, 1, 3]);
}

/** [B, H, N, D] -> [B, N, C] */
function mergeHeads(x: tf.Tensor4D): tf.Tensor3D {
  const [batch, heads, tokens, size] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * size]);
}
