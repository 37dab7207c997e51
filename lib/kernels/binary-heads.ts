/**
 * The two products of an attention on bits: q k^T of signs, and attention x v where the attention is {0, alpha} or signs.
 *
 *     value = scale_h * (level - z_h), levels +-1 (or {0, 1}, without z);   product = scale_a scale_b * (sum of integers)
 *
 * Zero points are integers (z^ of `lib/quantizers/sign-alpha`) and supported on both sides: they add multiples of the rows' and the
 * columns' sums of signs. Not supported is the third level sign(0) = 0, which a bit cannot hold: such models take the float path.
 * Forward only; unpacked, with floats, on backends that have no packed kernels.
 */
import type { PackAttributes } from '@/lib/kernels/names';
import { hasPackedKernels, multiplyBits, packColumns, packPanels, packRows, tidied } from '@/lib/kernels/run-kernels';
import { multiplyIntegers } from '@/lib/kernels/unpacked';
import { tf } from '@/lib/tf';

/** How an activation becomes bits; with q(0) = +1. */
export type HeadRule =
  | { readonly kind: 'sign-alpha'; readonly alpha: tf.Tensor1D; readonly zeroPoint: tf.Tensor1D | null } // [H], [H]
  | { readonly kind: 'elastic'; readonly alpha: tf.Tensor1D }; // [H]

/** A left factor, [B, H, N, K]. */
export interface HeadRows {
  readonly levels:
    | { readonly kind: 'packed'; readonly bits: tf.Tensor3D; readonly depth: number } // [B * H, N, words]
    | { readonly kind: 'unpacked'; readonly integers: tf.Tensor4D }; // [B, H, N, K]
  readonly values: 'signs' | 'mask';
  readonly scale: tf.Tensor1D; // [H]
  readonly zeroPoint: tf.Tensor1D | null; // [H]
}

/** A right factor, [B, H, K, M]. */
export interface HeadColumns {
  readonly levels:
    | { readonly kind: 'packed'; readonly panels: tf.Tensor4D; readonly outputs: number; readonly depth: number }
    | { readonly kind: 'unpacked'; readonly integers: tf.Tensor4D }; // [B, H, K, M]
  readonly scale: tf.Tensor1D; // [H]
  readonly zeroPoint: tf.Tensor1D | null; // [H]
}

/** q, or the attention. @param x [B, H, N, K] */
export function packHeadRows(x: tf.Tensor4D, rule: HeadRule): HeadRows {
  return tidied((): HeadRows => {
    const parameters = parametersOf(rule);
    const values = rule.kind === 'elastic' ? 'mask' : 'signs';
    const depth = x.shape[3];
    if (!hasPackedKernels()) {
      return { levels: { kind: 'unpacked', integers: integersOf(x, rule.kind, parameters) }, values, ...parameters };
    }
    return { levels: { kind: 'packed', bits: rowsOf(x, rule.kind, parameters), depth }, values, ...parameters };
  });
}

/** k, for q k^T. @param k [B, H, M, D] @returns the columns of k^T, [B, H, D, M] */
export function packKeys(k: tf.Tensor4D, rule: HeadRule & { readonly kind: 'sign-alpha' }): HeadColumns {
  return tidied((): HeadColumns => {
    const parameters = parametersOf(rule);
    const [, , outputs, depth] = k.shape;
    if (!hasPackedKernels()) {
      const integers = tf.transpose(integersOf(k, rule.kind, parameters), [0, 1, 3, 2]); // [B, H, D, M]
      return { levels: { kind: 'unpacked', integers }, ...parameters };
    }
    return {
      levels: { kind: 'packed', panels: packPanels(rowsOf(k, rule.kind, parameters)), outputs, depth },
      ...parameters,
    };
  });
}

/** v, for attention x v: a bit of a word is a token. @param v [B, H, N, D] */
export function packValues(v: tf.Tensor4D, rule: HeadRule & { readonly kind: 'sign-alpha' }): HeadColumns {
  return tidied((): HeadColumns => {
    const parameters = parametersOf(rule);
    const [batch, heads, depth, outputs] = v.shape;
    if (!hasPackedKernels()) {
      return { levels: { kind: 'unpacked', integers: integersOf(v, rule.kind, parameters) }, ...parameters };
    }
    const x = tf.reshape<tf.Rank.R3>(v, [batch * heads, depth, outputs]);
    const panels = packColumns(x, { rule: 'sign-alpha', ...optionsOf(parameters) });
    return { levels: { kind: 'packed', panels, outputs, depth }, ...parameters };
  });
}

/**
 * @returns [B, H, N, M]
 * @throws RangeError where the factors do not meet, or one is packed and the other is not
 */
export function multiplyHeads(a: HeadRows, b: HeadColumns): tf.Tensor4D {
  return tf.tidy(() => {
    const scale = tf.mul<tf.Tensor1D>(a.scale, b.scale); // [H]
    const [left, right] = [a.levels, b.levels];
    if (left.kind === 'unpacked' && right.kind === 'unpacked') {
      return tf.mul<tf.Tensor4D>(multiplyIntegers(left.integers, right.integers), tf.reshape(scale, [1, -1, 1, 1]));
    }
    if (left.kind === 'unpacked' || right.kind === 'unpacked') {
      throw new RangeError(`One factor is ${left.kind}, the other is ${right.kind}: both belong to one backend.`);
    }
    const { outputs, depth } = right;
    const [groups, rows] = left.bits.shape;
    if (left.depth !== depth || groups !== right.panels.shape[0]) {
      throw new RangeError(`${groups} groups of depth ${left.depth} meet ${right.panels.shape[0]} of depth ${depth}.`);
    }
    const rule = a.values;
    const inputs = {
      a: left.bits,
      b: right.panels,
      scale,
      zeroA: a.zeroPoint ?? undefined,
      zeroB: b.zeroPoint ?? undefined,
    };
    const heads = scale.shape[0];
    const y = multiplyBits(inputs, { rule, outputs, depth }); // [B * H, N, M]
    return tf.reshape<tf.Rank.R4>(y, [groups / heads, heads, rows, outputs]);
  });
}

interface HeadParameters {
  readonly scale: tf.Tensor1D;
  readonly zeroPoint: tf.Tensor1D | null;
}

function parametersOf(rule: HeadRule): HeadParameters {
  const zeroPoint = rule.kind === 'elastic' ? null : rule.zeroPoint;
  return {
    scale: tf.clone(rule.alpha),
    zeroPoint: zeroPoint === null ? null : tf.round(zeroPoint),
  };
}

/** [B, H, N, K] -> bits [B * H, N, words] */
function rowsOf(x: tf.Tensor4D, rule: PackAttributes['rule'], parameters: HeadParameters): tf.Tensor3D {
  const [batch, heads, rows, columns] = x.shape;
  return packRows(tf.reshape<tf.Rank.R3>(x, [batch * heads, rows, columns]), { rule, ...optionsOf(parameters) });
}

function optionsOf({ scale, zeroPoint }: HeadParameters) {
  return { alpha: scale, ...(zeroPoint === null ? {} : { zeroPoint }) };
}

/** The integers that the bits stand for, as floats. */
function integersOf(x: tf.Tensor4D, rule: HeadRule['kind'], { scale, zeroPoint }: HeadParameters): tf.Tensor4D {
  const ratio = tf.div<tf.Tensor4D>(x, tf.reshape(scale, [1, -1, 1, 1]));
  if (rule === 'elastic') return tf.cast(tf.greater<tf.Tensor4D>(ratio, 0.5), 'float32');
  const shift = zeroPoint === null ? 0 : tf.reshape(zeroPoint, [1, -1, 1, 1]);
  const bits = tf.cast(tf.greaterEqual<tf.Tensor4D>(tf.add(ratio, shift), 0), 'float32');
  return tf.sub<tf.Tensor4D>(tf.sub(tf.mul(2, bits), 1), shift);
}
