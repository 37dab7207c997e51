/**
 * Parameters for the quantizers of an attention, from the values that they will quantize: nothing is trained.
 *
 *     official    where the released code of Bi-ViT starts (arXiv 2305.12354): alpha = 2 mean|x|
 *     calibrated  alpha of least squared error: mean|x| for signs
 *
 * All are per head, over all pictures, windows and rows. What they are of the attention each binarizer says: `lib/quantizers/attention`.
 */
import type { AttentionMaps } from '@/lib/quantizers/attention/binarizer';
import { attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import type { BinarizerId } from '@/lib/quantizers/attention/records';
import { positive } from '@/lib/quantizers/by-head';
import type { ActivationParameters, AttentionParameters } from '@/lib/quantizers/parameters';
import { tf } from '@/lib/tf';
import type { AlphaRule } from '@/models/recipe';

/** The rules that follow data. */
export type FittedRule = Exclude<AlphaRule, 'one'>;

/** For q, k or v. @param x [B, H, N, D] */
export function fitSigns(x: tf.Tensor4D, rule: FittedRule): ActivationParameters {
  const means = Float32Array.from(tf.tidy(() => tf.mean(tf.abs(x), [0, 2, 3]).dataSync())); // [H]
  const alpha = means.map((mean) => positive(rule === 'official' ? 2 * mean : mean));
  return { kind: 'sign-alpha', alpha, zeroPoint: null, signOfZero: 1 };
}

/** Where every scaling factor is 1. */
export function unitSigns(heads: number): ActivationParameters {
  return { kind: 'sign-alpha', alpha: new Float32Array(heads).fill(1), zeroPoint: null, signOfZero: 1 };
}

/** For the softmaxed attention. @returns `real` for a binarizer that leaves it real-valued */
export function fitAttention(maps: AttentionMaps, id: BinarizerId, rule: FittedRule): AttentionParameters {
  return attentionBinarizer(id).fit(maps, rule === 'official' ? 'official' : 'least-squares');
}
