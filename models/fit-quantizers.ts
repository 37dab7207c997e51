/**
 * Parameters for the quantizers of an attention, from the values that come into them: nothing is trained.
 *
 *     official    alpha = 2 mean|x|; z = 0.1 (min x + alpha): where the released code of Bi-ViT starts (arXiv 2305.12354)
 *     calibrated  alpha of least squared error: mean|x| for signs, found exactly for {0, alpha}; z = -1, so that sign has those two levels
 *
 * All are those of a head, over all pictures, windows and rows. A group superposition is fitted by either rule: it has no other start.
 */
import { attentionBinarizer } from '@/lib/quantizers/attention-binarizers';
import { positive, valuesByHead } from '@/lib/quantizers/by-head';
import { fitElastic, fitSignAlpha } from '@/lib/quantizers/fit-two-levels';
import { tf } from '@/lib/tf';
import type { BinarizerId } from '@/lib/quantizers/binarizer-list';
import type { ActivationParameters, AttentionParameters } from '@/lib/quantizers/parameters';
import type { AlphaRule } from '@/models/recipe';

/** Of the rules that look at values. */
export type FittedRule = Exclude<AlphaRule, 'one'>;

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
    case 'q-k-only':
      return { kind: 'real' };
    default:
      return { kind: id, scales: attentionBinarizer(id).inModel?.fit(p) ?? {} };
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
    case 'q-k-only':
      return { kind: 'real' };
    default:
      return { kind: id, scales: attentionBinarizer(id).inModel?.unit(heads) ?? {} };
  }
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

/** [H] */
function meanMagnitudes(x: tf.Tensor4D): Float32Array {
  return Float32Array.from(tf.tidy(() => tf.mean(tf.abs(x), [0, 2, 3]).dataSync()));
}

function byHead(x: tf.Tensor4D, fit: (values: Float32Array) => number): Float32Array {
  return Float32Array.from(valuesByHead(x), fit);
}
