/**
 * Three binary maps on top of each other: the elastic one, and two that lift what comes near the row's largest.
 *
 *     forward   a1 round(clip(p / a1, 0, 1)) + a2 [p > 0.7 max] + a3 [p > 0.9 max]
 *     backward  [0 <= p / a1 <= 1] + a2 [p > 0.7 max] + a3 [p > 0.9 max]
 *
 * max is the row's. (The released code of GSB takes that of the whole tensor; its authors' later code for BHViT takes the row's.)
 * Three binary maps, so three bits an entry; at most six values, since an entry near the largest of a flat row may miss the first map.
 * Used without training a1..a3 come from a joint least-squares fit over the head, whichever start the others take: `fit-superposition.ts`.
 *
 * Source: GSB, Gao et al., Neural Networks 2024, arXiv 2305.07931; the surrogate is that of its released code.
 */
import {
  binarizeEntries,
  largestOf,
  medianLargest,
  passShareOf,
  recordOf,
  requireHead,
  sketchOf,
  withParameters,
  type AttentionBinarizer,
  type AttentionHead,
  type HeadScales,
  type HeadSketch,
} from '@/lib/quantizers/attention-binarizer';
import { positive, valuesByHead } from '@/lib/quantizers/by-head';
import { elastic } from '@/lib/quantizers/elastic';
import { fitSuperposition, HIGH, HIGHEST } from '@/lib/quantizers/fit-superposition';
import { perHead, unitScale, type Quantized, type Quantizer } from '@/lib/quantizers/quantizer';
import { isAbove, isBetween } from '@/lib/quantizers/steps';
import { tf, withGradient } from '@/lib/tf';

export interface GroupSuperpositionParameters {
  readonly a1: number;
  readonly a2: number;
  readonly a3: number;
  /** Of the row. */
  readonly largest: number;
}

export const groupSuperposition: Quantizer<GroupSuperpositionParameters> = {
  name: 'Group superposition',
  bits: 3,
  equation: String.raw`\hat{p} = a_1 \left\lfloor \operatorname{clip}\!\left(\tfrac{p}{a_1}, 0, 1\right) \right\rceil + a_2 \mathbf{1}[p > 0.7\, p_{\max}] + a_3 \mathbf{1}[p > 0.9\, p_{\max}], \qquad \frac{\partial \hat{p}}{\partial p} \approx \mathbf{1}\!\left[0 \le \tfrac{p}{a_1} \le 1\right] + a_2 \mathbf{1}[p > 0.7\, p_{\max}] + a_3 \mathbf{1}[p > 0.9\, p_{\max}]`,
  source: 'GSB, Gao et al., Neural Networks 2024, arXiv 2305.07931',
  forward: (p, parameters) => elastic.forward(p, { alpha: parameters.a1 }) + lift(p, parameters),
  surrogate: (p, parameters) => elastic.surrogate(p, { alpha: parameters.a1 }) + lift(p, parameters),
};

function lift(p: number, { a2, a3, largest }: GroupSuperpositionParameters): number {
  return (p > HIGH * largest ? a2 : 0) + (p > HIGHEST * largest ? a3 : 0);
}

export const groupSuperpositionBinarizer: AttentionBinarizer = {
  id: 'group-superposition',
  ...recordOf(groupSuperposition),
  levels: 6,
  passNote: null,
  binarize(head) {
    requireHead(head);
    const { attention, tokens } = head;
    const { a1, a2, a3 } = fitSuperposition(attention, tokens);
    return binarizeEntries({
      input: attention,
      tokens,
      parameters: [
        { symbol: 'a_1', value: a1 },
        { symbol: 'a_2', value: a2 },
        { symbol: 'a_3', value: a3 },
      ],
      ofRow: (row) => {
        const parameters = { a1, a2, a3, largest: largestOf(row) };
        return withParameters(groupSuperposition, parameters);
      },
    });
  },
  inModel: {
    fit: (p) => {
      const fits = valuesByHead(p).map((map) => fitSuperposition(map, p.shape[3]));
      const scale = (name: 'a1' | 'a2' | 'a3') => Float32Array.from(fits, (fit) => fit[name]);
      return { a1: scale('a1').map(positive), a2: scale('a2'), a3: scale('a3') };
    },
    unit: (heads) => {
      const ones = () => new Float32Array(heads).fill(1);
      return { a1: ones(), a2: ones(), a3: ones() };
    },
    apply: (attention, _, { a1, a2, a3 }) => {
      if (a1 === undefined || a2 === undefined || a3 === undefined) throw new TypeError('three scales were read');
      return applyGroupSuperposition(attention, { a1, a2, a3 });
    },
    sketch: sketchSuperposition,
  },
};

/** The curve is that of the row with the median largest entry; the share inside is counted with each row's own. */
function sketchSuperposition({ attention, tokens }: AttentionHead, scales: HeadScales<number> | null): HeadSketch {
  const { a1 = NaN, a2 = NaN, a3 = NaN } = scales ?? { ...fitSuperposition(attention, tokens) };
  const largest = medianLargest(attention, tokens);
  const passShare = passShareOf(attention, tokens, (row) =>
    withParameters(groupSuperposition, { a1, a2, a3, largest: largestOf(row) }),
  );
  const insideShare = Array.from({ length: tokens }, (_, i) => passShare(i)).reduce((sum, x) => sum + x, 0) / tokens;
  const shown = [
    { symbol: 'a_1', value: a1 },
    { symbol: 'a_2', value: a2 },
    { symbol: 'a_3', value: a3 },
    { symbol: String.raw`\operatorname{median}_i \max_k p_{ik}`, value: largest },
  ];
  const marks = [0, a1, HIGH * largest, HIGHEST * largest];
  return sketchOf(groupSuperposition, { a1, a2, a3, largest }, { shown, marks, insideShare });
}

/** One of each for each head, [H]; a1 is not 0. */
export interface SuperpositionScales {
  readonly a1: tf.Tensor1D;
  readonly a2: tf.Tensor1D;
  readonly a3: tf.Tensor1D;
}

/**
 * `groupSuperposition` on every row, with the gradient of p; the scales are constants.
 *
 * Its levels are the values themselves: three maps with three scales have no common one.
 *
 * @param p [B, H, N, M], not negative
 */
export function applyGroupSuperposition(p: tf.Tensor4D, scales: SuperpositionScales): Quantized {
  const [a1, a2, a3] = [scales.a1, scales.a2, scales.a3].map(perHead); // [1, H, 1, 1]
  if (a1 === undefined || a2 === undefined || a3 === undefined) throw new Error('three gave fewer');
  const largest = tf.max<tf.Tensor4D>(p, -1, true); // [B, H, N, 1]
  const lifted = (share: number, scale: tf.Tensor4D) => tf.mul<tf.Tensor4D>(isAbove(p, tf.mul(largest, share)), scale);
  const lift = tf.add<tf.Tensor4D>(lifted(HIGH, a2), lifted(HIGHEST, a3));
  const ratio = tf.div<tf.Tensor4D>(p, a1);
  const levels = tf.add<tf.Tensor4D>(tf.mul(isAbove(ratio, 0.5), a1), lift);
  const value = withGradient(
    [p],
    () => ({ value: tf.clone(levels), saved: [ratio, lift] }),
    (gradient, savedRatio, savedLift) => [tf.mul(gradient, tf.add(isBetween(savedRatio, 0, 1), savedLift))],
  );
  return { value, levels: { integers: levels, scale: unitScale() } };
}
