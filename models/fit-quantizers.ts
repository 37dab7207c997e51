/**
 * Parameters for the quantizers of an attention, from the values that come into them: nothing is trained.
 *
 *     official    alpha = 2 mean|x|; z = 0.1 (min x + alpha): where the released code of Bi-ViT starts (arXiv 2305.12354)
 *     calibrated  alpha of least squared error: mean|x| for signs, found exactly for {0, alpha}; z = -1, so that sign has those two levels
 *
 * All are those of a head, over all pictures, windows and rows. A group superposition is fitted by either rule: it has no other start.
 */
import { fitSuperposition } from '@/lib/quantizers/fit-superposition';
import { fitElastic, fitSignAlpha } from '@/lib/quantizers/fit-two-levels';
import { tf } from '@/lib/tf';
import type { BinarizerId } from '@/lib/quantizers/attention-binarizer';
import type { ActivationParameters, AttentionParameters } from '@/lib/quantizers/parameters';
import type { AlphaRule } from '@/models/recipe';

/** Of the rules that look at values. */
export type FittedRule = Exclude<AlphaRule, 'one'>;

/** Something is divided by it: that of a head of zeros must not be 0. */
const LEAST_ALPHA = 1e-12;

/** For q, k or v. @param x [B, H, N, D] */
export function fitSigns(x: tf.Tensor4D, rule: FittedRule): ActivationParameters {
  const means = meanMagnitudes(x);
  const alpha = means.map((mean) => positive(rule === 'official' ? 2 * mean : mean));
  return { kind: 'sign-alpha', alpha, zeroPoint: null, signOfZero: 1 };
}

/** Where every scaling factor is 1. */
export function unitSigns(heads: number): ActivationParameters {
  return { kind: 'sign-alpha', alpha: new Float32Array(heads).fill(1), zeroPoint: null, signOfZero: 1 };
}

/** For the softmaxed attention. @param p [B, H, N, M] @returns `real` for a binarizer that leaves it so */
export function fitAttention(p: tf.Tensor4D, id: BinarizerId, rule: FittedRule): AttentionParameters {
  switch (id) {
    case 'sign-alpha':
      return rule === 'official'
        ? officialSigns(p)
        : {
            kind: id,
            ...constantSigns(
              byHead(p, (map) => fitSignAlpha(map).alpha),
              -1,
            ),
            signOfZero: 1,
          };
    case 'elastic':
      return {
        kind: id,
        alpha:
          rule === 'official'
            ? meanMagnitudes(p).map((mean) => positive(2 * mean))
            : byHead(p, (map) => fitElastic(map).alpha).map(positive),
      };
    case 'group-superposition': {
      const keys = p.shape[3];
      const fits = heads(p).map((map) => fitSuperposition(map, keys));
      const scale = (name: 'a1' | 'a2' | 'a3') => Float32Array.from(fits, (fit) => fit[name]);
      return { kind: id, a1: scale('a1').map(positive), a2: scale('a2'), a3: scale('a3') };
    }
    default:
      return withoutScales(id);
  }
}

/** Where every scaling factor is 1. */
export function unitAttention(heads: number, id: BinarizerId): AttentionParameters {
  const ones = () => new Float32Array(heads).fill(1);
  switch (id) {
    case 'sign-alpha':
      // z = 0.1 (min p + 1), which rounds to 0 whatever the smallest p is.
      return { kind: id, ...constantSigns(ones(), 0.1), signOfZero: 0 };
    case 'elastic':
      return { kind: id, alpha: ones() };
    case 'group-superposition':
      return { kind: id, a1: ones(), a2: ones(), a3: ones() };
    default:
      return withoutScales(id);
  }
}

function withoutScales(id: 'bool' | 'softmax-aware' | 'decomposition' | 'q-k-only'): AttentionParameters {
  return { kind: id === 'q-k-only' ? 'real' : id };
}

function officialSigns(p: tf.Tensor4D): AttentionParameters {
  const smallest = tf.tidy(() => tf.min(p, [0, 2, 3]).dataSync()); // [H]
  const alpha = meanMagnitudes(p).map((mean) => positive(2 * mean));
  const zeroPoint = alpha.map((scale, head) => 0.1 * ((smallest[head] ?? NaN) + scale));
  return { kind: 'sign-alpha', alpha, zeroPoint, signOfZero: 0 };
}

function constantSigns(alpha: Float32Array, zeroPoint: number) {
  return { alpha: alpha.map(positive), zeroPoint: new Float32Array(alpha.length).fill(zeroPoint) };
}

function positive(alpha: number): number {
  return Math.max(alpha, LEAST_ALPHA);
}

/** [H] */
function meanMagnitudes(x: tf.Tensor4D): Float32Array {
  return Float32Array.from(tf.tidy(() => tf.mean(tf.abs(x), [0, 2, 3]).dataSync()));
}

function byHead(x: tf.Tensor4D, fit: (values: Float32Array) => number): Float32Array {
  return Float32Array.from(heads(x), fit);
}

/** All values of each head: H of [B * N * M]. */
function heads(x: tf.Tensor4D): readonly Float32Array[] {
  const [batch, count, rows, columns] = x.shape;
  const size = batch * rows * columns;
  const first = tf.transpose(x, [1, 0, 2, 3]); // [H, B, N, M]
  // Not out of a `tidy`: that would look for tensors in an array, number by number.
  const values = first.dataSync<'float32'>();
  first.dispose();
  return Array.from({ length: count }, (_, head) => values.subarray(head * size, (head + 1) * size));
}
