/** Layers for the packed kernels: signs, scales, and the limits of sums of which only the sign is used. */
import type {
  AttentionSpec,
  BlockSpec,
  ForwardSpec,
  HeadLinear,
  MergeSpec,
  NormSpec,
  ScaledLinear,
  SignLinear,
} from '@/lib/kernels/forward/spec';
import { signTensor } from '@/lib/quantizers/sign';
import { tf } from '@/lib/tf';
import type { CommonConfig } from '@/models/architectures/common-config';
import type { ActivationQuantizer } from '@/models/layers/activation';
import type { Attention } from '@/models/layers/attention';
import type { AttentionQuantizer } from '@/models/layers/attention-activation';
import type { BlockLayers } from '@/models/layers/block';
import type { LayerNorm } from '@/models/layers/layer-norm';
import type { Linear } from '@/models/layers/linear';
import { activate } from '@/models/layers/mlp';
import type { PatchEmbed } from '@/models/layers/patch-embed';
import type { PatchMerging } from '@/models/layers/patch-merging';
import { neighbourOrder } from '@/models/layers/window';
import { PackedUnavailableError } from '@/models/packed-model';

/** The smallest positive float32. */
const SMALLEST = 2 ** -149;
const NEVER_FROM = 32_767;
const NEVER_UP_TO = -32_768;

const THREE_LEVELS = 'Its sign has a third level, sign(0) = 0, which a bit cannot hold.';

export function patchSpec({ weight, bias }: PatchEmbed, { inChannels, imageSize, patchSize }: CommonConfig) {
  return { channels: inChannels, imageSize, patchSize, weight: floats(weight), bias: floats(bias) };
}

/** What an attention's windows are, and its position bias. */
export type AttentionView = Pick<AttentionSpec, 'windows' | 'tokens' | 'order' | 'bias'>;

/** @throws PackedUnavailableError */
export function blockSpec({ name, norm1, attn, norm2, mlp }: BlockLayers, view: AttentionView): BlockSpec {
  return {
    kind: 'block',
    name,
    norm1: normSpec(norm1),
    attention: attentionSpec(attn, view),
    norm2: normSpec(norm2),
    fc1: signLinear(scaledLinear(mlp.fc1), (y) => activate(y, mlp.geluClip)),
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

/** @throws PackedUnavailableError */
export function mergeSpec(name: string, { gridSide, norm, weight, quantizer }: PatchMerging): MergeSpec {
  if (quantizer === null) throw new PackedUnavailableError('Its patch merging is real-valued.');
  if (quantizer.signOfZero !== 1) throw new PackedUnavailableError(THREE_LEVELS);
  const [outputs, depth] = weight.shape;
  return {
    kind: 'merge',
    name,
    order: neighbourOrder(gridSide),
    norm: normSpec(norm),
    alpha: signAlphas(quantizer.act),
    weight: { signs: floats(signTensor(weight, 1)), outputs, depth },
    scale: floats(quantizer.alpha),
  };
}

/** @param pooled one head on the mean of the tokens, not one for each class token */
export function classifierSpec(norm: LayerNorm, heads: readonly Linear[], pooled: boolean): ForwardSpec['classify'] {
  const real = heads.map((head) => {
    if (head.kind !== 'real') throw new TypeError('a classifier is real-valued');
    return head;
  });
  const classes = real[0]?.weight.shape[0] ?? 0;
  const weights = real.map(({ weight, bias }) => ({ weight: floats(weight), bias: floats(bias) }));
  return { norm: normSpec(norm), pooled, heads: weights, classes };
}

export function floats(tensor: tf.Tensor): Float32Array {
  return Float32Array.from(tensor.dataSync());
}

export function normSpec({ weight, bias, eps }: LayerNorm): NormSpec {
  return { weight: floats(weight), bias: floats(bias), eps };
}

/** @throws PackedUnavailableError unless the linear is binary with q(0) = +1 */
export function scaledLinear(linear: Linear): ScaledLinear {
  if (linear.kind === 'real')
    throw new PackedUnavailableError('Its linear layers are not binary: there are no bits to pack.');
  if (linear.kind === 'uniform') {
    throw new PackedUnavailableError(
      'Its linear layers were quantized after training, with a bias and a scale for each token, which the packed kernels do not support.',
    );
  }
  if (linear.signOfZero !== 1) {
    throw new PackedUnavailableError(THREE_LEVELS);
  }
  return tf.tidy(() => {
    const { weights } = linear;
    const signs = weights.kind === 'signs' ? weights.signs : signTensor(weights.weight, 1); // [O, I]
    const scale = weights.kind === 'signs' ? weights.scale : tf.mean<tf.Tensor1D>(tf.abs(weights.weight), 1); // [O]
    return { signs: floats(signs), scale: floats(scale), outputs: signs.shape[0], depth: signs.shape[1] };
  });
}

/** Rows `first` to `first + outputs` of a linear: q, k or v of all three. */
export function rowsOf({ signs, scale, depth }: ScaledLinear, first: number, outputs: number): ScaledLinear {
  const last = first + outputs;
  return { signs: signs.slice(first * depth, last * depth), scale: scale.slice(first, last), outputs, depth };
}

/**
 * A linear and the sign of what follows it, as limits of the linear's sums. They come from every possible sum through the float path's
 * own operations, so that both agree by construction (also where GELU underflows to -0, whose sign is +1).
 *
 * @param follow y [O, I + 1] -> what the sign is taken of, of the same shape
 * @throws PackedUnavailableError where the signs are not of the form n >= from or n <= upTo
 */
export function signLinear(linear: ScaledLinear, follow: (y: tf.Tensor2D) => tf.Tensor2D): SignLinear {
  const { outputs, depth } = linear;
  const bits = tf.tidy(() => {
    const sums = tf.tensor2d(
      Float32Array.from({ length: depth + 1 }, (_, i) => 2 * i - depth),
      [1, depth + 1],
    );
    const y = tf.mul<tf.Tensor2D>(sums, tf.tensor2d(linear.scale, [outputs, 1])); // [O, I + 1]
    return Uint8Array.from(tf.greaterEqual(follow(y), 0).dataSync());
  });
  const from = new Int16Array(outputs);
  const upTo = new Int16Array(outputs);
  for (let output = 0; output < outputs; output++) {
    const limits = limitsOf(bits.subarray(output * (depth + 1), (output + 1) * (depth + 1)));
    from[output] = limits.from;
    upTo[output] = limits.upTo;
  }
  return { signs: linear.signs, outputs, depth, from, upTo };
}

/** @param bits of the sums -K, -K + 2, ..., K */
export function limitsOf(bits: Uint8Array): { readonly from: number; readonly upTo: number } {
  const depth = bits.length - 1;
  const lastZero = bits.lastIndexOf(0);
  const from = lastZero === depth ? NEVER_FROM : 2 * (lastZero + 1) - depth;
  if (lastZero < 0) return { from, upTo: NEVER_UP_TO };
  const firstZero = bits.indexOf(0);
  if (bits.subarray(firstZero, lastZero).includes(1)) {
    throw new PackedUnavailableError('The sign of its hidden layer changes more than twice as the sum grows.');
  }
  return { from, upTo: firstZero === 0 ? NEVER_UP_TO : 2 * (firstZero - 1) - depth };
}

/** @throws PackedUnavailableError for a quantizer that bits cannot represent */
export function signAlphas(quantizer: ActivationQuantizer): Float32Array {
  if (quantizer.kind !== 'sign-alpha' || quantizer.zeroPoint !== null || quantizer.signOfZero !== 1) {
    throw new PackedUnavailableError('Its q, k and v are not signs without a zero point and with sign(0) = +1.');
  }
  return positive(floats(quantizer.alpha));
}

/** @throws PackedUnavailableError for any but the elastic one */
export function elasticAlphas(quantizer: AttentionQuantizer): Float32Array {
  if (quantizer.kind !== 'elastic') throw new PackedUnavailableError('Its attention is not binarized to {0, alpha}.');
  return positive(floats(quantizer.alpha));
}

function positive(alphas: Float32Array): Float32Array {
  if (alphas.every((alpha) => alpha > 1e-20 && alpha < 1e20)) return alphas;
  throw new PackedUnavailableError('It has a scaling factor that is not positive.');
}

/** The smallest x with x / alpha >= 0 in float32: what underflows becomes -0, whose sign is +1. */
export function leastPositive(alpha: number): number {
  return -Math.floor(alpha / 2) * SMALLEST;
}
