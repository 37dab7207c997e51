/**
 * Three binary maps on top of each other: the elastic one, and two that lift what comes near the row's largest.
 *
 *     forward   a1 round(clip(p / a1, 0, 1)) + a2 [p > 0.7 max] + a3 [p > 0.9 max]
 *     backward  [0 <= p / a1 <= 1] + a2 [p > 0.7 max] + a3 [p > 0.9 max]
 *
 * max is the row's. (The released code of GSB takes that of the whole tensor; its authors' later code for BHViT takes the row's.)
 * Three binary maps, so three bits an entry; at most six values, since an entry near the largest of a flat row may miss the first map.
 * Without training a1..a3 come from a joint least-squares fit over the head, whichever fit is chosen: `fit.ts`.
 *
 * Source: GSB, Gao et al., Neural Networks 2024, arXiv 2305.07931; the surrogate is that of its released code.
 */
import type { AttentionBinarizer } from '@/lib/quantizers/attention/binarizer';
import { entrywise } from '@/lib/quantizers/attention/entrywise';
import { fitSuperposition, HIGH, HIGHEST } from '@/lib/quantizers/attention/group-superposition/fit';
import { GROUP_SUPERPOSITION } from '@/lib/quantizers/attention/group-superposition/record';
import { positive, scalesByHead } from '@/lib/quantizers/by-head';
import { elastic } from '@/lib/quantizers/elastic';
import { perHead, unitScale, type Quantizer } from '@/lib/quantizers/quantizer';
import { isAbove, isBetween } from '@/lib/quantizers/steps';
import { tf, withGradient } from '@/lib/tf';

interface GroupSuperpositionParameters {
  readonly a1: number;
  readonly a2: number;
  readonly a3: number;
  /** Of the row. */
  readonly largest: number;
}

export const groupSuperposition: Quantizer<GroupSuperpositionParameters> = {
  ...GROUP_SUPERPOSITION,
  forward: (p, parameters) => elastic.forward(p, { alpha: parameters.a1 }) + lift(p, parameters),
  surrogate: (p, parameters) => elastic.surrogate(p, { alpha: parameters.a1 }) + lift(p, parameters),
};

function lift(p: number, { a2, a3, largest }: GroupSuperpositionParameters): number {
  return (p > HIGH * largest ? a2 : 0) + (p > HIGHEST * largest ? a3 : 0);
}

export const groupSuperpositionBinarizer: AttentionBinarizer<'a1' | 'a2' | 'a3'> = {
  id: 'group-superposition',
  ...entrywise({
    quantizer: groupSuperposition,
    reads: 'attention',
    scalesOf: ({ attention, tokens }) => fitSuperposition(attention, tokens),
    symbols: { a1: 'a_1', a2: 'a_2', a3: 'a_3' },
    parametersOf: ({ a1, a2, a3 }, largest) => ({ a1, a2, a3, largest }),
    marksOf: ({ a1 }, largest) => [0, a1, HIGH * largest, HIGHEST * largest],
    largest: String.raw`\operatorname{median}_i \max_k p_{ik}`,
  }),
  fit({ attention }) {
    const { a1, a2, a3 } = scalesByHead(attention, (map) => fitSuperposition(map, attention.shape[3]));
    return { kind: 'group-superposition', scales: { a1: a1.map(positive), a2, a3 } };
  },
  unit(heads) {
    const ones = () => new Float32Array(heads).fill(1);
    return { kind: 'group-superposition', scales: { a1: ones(), a2: ones(), a3: ones() } };
  },
  /** Its levels are the values themselves: three maps with three scales have no common one. The scales are constants. */
  apply({ attention }, scales) {
    const a1 = perHead(scales.a1);
    const largest = tf.max<tf.Tensor4D>(attention, -1, true); // [B, H, N, 1]
    const lifted = (share: number, scale: tf.Tensor1D) =>
      tf.mul<tf.Tensor4D>(isAbove(attention, tf.mul(largest, share)), perHead(scale));
    const lifts = tf.add<tf.Tensor4D>(lifted(HIGH, scales.a2), lifted(HIGHEST, scales.a3));
    const ratio = tf.div<tf.Tensor4D>(attention, a1);
    const levels = tf.add<tf.Tensor4D>(tf.mul(isAbove(ratio, 0.5), a1), lifts);
    const value = withGradient(
      [attention],
      () => ({ value: tf.clone(levels), saved: [ratio, lifts] }),
      (gradient, savedRatio, savedLifts) => [tf.mul(gradient, tf.add(isBetween(savedRatio, 0, 1), savedLifts))],
    );
    return { value, levels: { integers: levels, scale: unitScale() } };
  },
};
