/**
 * The two products of attention on bits: q k^T of signs, and attention x v where the attention is {0, alpha} or signs.
 *
 *     value = scale_h * (level - z_h), levels +-1 (or {0, 1}, without z);   product = scale_a scale_b * (sum of integers)
 *
 * Both sides support zero points, which must be integers (z^ of `lib/quantizers/sign-alpha`): they add multiples of the rows' and the
 * columns' sums of signs. A third level sign(0) = 0 does not fit in a bit; such models take the float path. There is no gradient.
 * Backends without packed kernels compute with floats instead.
 */
import { hasPackedKernels, runKernel, tidied, type PackAttributes } from '@/lib/kernels/packed-kernels';
import { multiplyIntegers } from '@/lib/kernels/unpacked';
import { tf } from '@/lib/tf';

/** How an activation becomes bits; q(0) = +1. */
export type HeadRule =
  | { readonly kind: 'sign-alpha'; readonly alpha: tf.Tensor1D; readonly zeroPoint: tf.Tensor1D | null } // [H], [H]
  | { readonly kind: 'elastic'; readonly alpha: tf.Tensor1D }; // [H]

type SignRule = HeadRule & { readonly kind: 'sign-alpha' };

interface HeadParameters {
  readonly scale: tf.Tensor1D; // [H]
  readonly zeroPoint: tf.Tensor1D | null; // [H]
}

/** A left factor, [B, H, N, K]. */
export interface HeadRows extends HeadParameters {
  readonly levels:
    | { readonly kind: 'packed'; readonly bits: tf.Tensor3D; readonly depth: number } // [B * H, N, words]
    | { readonly kind: 'unpacked'; readonly integers: tf.Tensor4D }; // [B, H, N, K]
  readonly values: 'signs' | 'mask';
}

/** A right factor, [B, H, K, M]. */
export interface HeadColumns extends HeadParameters {
  readonly levels:
    | { readonly kind: 'packed'; readonly panels: tf.Tensor4D; readonly outputs: number; readonly depth: number }
    | { readonly kind: 'unpacked'; readonly integers: tf.Tensor4D }; // [B, H, K, M]
}

/** @param x q or the attention, [B, H, N, K] */
export function packHeadRows(x: tf.Tensor4D, rule: HeadRule): HeadRows {
  return tidied((): HeadRows => {
    const parameters = parametersOf(rule);
    const values = rule.kind === 'elastic' ? 'mask' : 'signs';
    if (!hasPackedKernels()) {
      return { levels: { kind: 'unpacked', integers: integersOf(x, rule.kind, parameters) }, values, ...parameters };
    }
    const bits = packRows(x, rule.kind, parameters);
    return { levels: { kind: 'packed', bits, depth: x.shape[3] }, values, ...parameters };
  });
}

/** @param k [B, H, M, D] @returns the columns of k^T, [B, H, D, M] */
export function packKeys(k: tf.Tensor4D, rule: SignRule): HeadColumns {
  return tidied((): HeadColumns => {
    const parameters = parametersOf(rule);
    const [, , outputs, depth] = k.shape;
    if (!hasPackedKernels()) {
      const integers = tf.transpose(integersOf(k, rule.kind, parameters), [0, 1, 3, 2]); // [B, H, D, M]
      return { levels: { kind: 'unpacked', integers }, ...parameters };
    }
    const panels = runKernel('packPanels', { bits: packRows(k, rule.kind, parameters) }, {});
    return { levels: { kind: 'packed', panels, outputs, depth }, ...parameters };
  });
}

/** Here a bit of a word is a token. @param v [B, H, N, D] */
export function packValues(v: tf.Tensor4D, rule: SignRule): HeadColumns {
  return tidied((): HeadColumns => {
    const parameters = parametersOf(rule);
    const [, , depth, outputs] = v.shape;
    if (!hasPackedKernels()) {
      return { levels: { kind: 'unpacked', integers: integersOf(v, rule.kind, parameters) }, ...parameters };
    }
    const panels = runKernel('packColumns', packInputs(v, parameters), { rule: rule.kind });
    return { levels: { kind: 'packed', panels, outputs, depth }, ...parameters };
  });
}

/**
 * @returns [B, H, N, M]
 * @throws RangeError where the shapes do not match, or one factor is packed and the other is not
 */
export function multiplyHeads(a: HeadRows, b: HeadColumns): tf.Tensor4D {
  return tf.tidy(() => {
    const scale = tf.mul<tf.Tensor1D>(a.scale, b.scale); // [H]
    const [left, right] = [a.levels, b.levels];
    if (left.kind === 'unpacked' && right.kind === 'unpacked') {
      return tf.mul<tf.Tensor4D>(multiplyIntegers(left.integers, right.integers), tf.reshape(scale, [1, -1, 1, 1]));
    }
    if (left.kind === 'unpacked' || right.kind === 'unpacked') {
      throw new RangeError(
        `One factor is ${left.kind}, the other is ${right.kind}: they belong to different backends.`,
      );
    }
    const { outputs, depth } = right;
    const [groups, rows] = left.bits.shape;
    if (left.depth !== depth || groups !== right.panels.shape[0]) {
      throw new RangeError(`${groups} groups of depth ${left.depth} meet ${right.panels.shape[0]} of depth ${depth}.`);
    }
    const zeros = { zeroA: a.zeroPoint ?? undefined, zeroB: b.zeroPoint ?? undefined };
    const inputs = { a: left.bits, b: right.panels, scale, ...zeros };
    const y = runKernel('multiplyBits', inputs, { rule: a.values, outputs, depth }); // [B * H, N, M]
    const heads = scale.shape[0];
    return tf.reshape<tf.Rank.R4>(y, [groups / heads, heads, rows, outputs]);
  });
}

function parametersOf(rule: HeadRule): HeadParameters {
  const zeroPoint = rule.kind === 'elastic' ? null : rule.zeroPoint;
  return { scale: tf.clone(rule.alpha), zeroPoint: zeroPoint && tf.round(zeroPoint) };
}

/** [B, H, N, K] -> bits [B * H, N, words] */
function packRows(x: tf.Tensor4D, rule: PackAttributes['rule'], parameters: HeadParameters): tf.Tensor3D {
  return runKernel('packRows', packInputs(x, parameters), { rule });
}

function packInputs(x: tf.Tensor4D, { scale, zeroPoint }: HeadParameters) {
  const [batch, heads, rows, columns] = x.shape;
  const groups = tf.reshape<tf.Rank.R3>(x, [batch * heads, rows, columns]);
  return { x: groups, alpha: scale, zeroPoint: zeroPoint ?? undefined };
}

/** The integers that the bits stand for, as floats. */
function integersOf(x: tf.Tensor4D, rule: HeadRule['kind'], { scale, zeroPoint }: HeadParameters): tf.Tensor4D {
  const ratio = tf.div<tf.Tensor4D>(x, tf.reshape(scale, [1, -1, 1, 1]));
  if (rule === 'elastic') return tf.cast(tf.greater<tf.Tensor4D>(ratio, 0.5), 'float32');
  const shift = zeroPoint === null ? 0 : tf.reshape(zeroPoint, [1, -1, 1, 1]);
  const bits = tf.cast(tf.greaterEqual<tf.Tensor4D>(tf.add(ratio, shift), 0), 'float32');
  return tf.sub<tf.Tensor4D>(tf.sub(tf.mul(2, bits), 1), shift);
}
