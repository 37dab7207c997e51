/**
 * Four levels as the sum of three binary maps, so that the product with v is three binary products.
 *
 *     forward   sum over t = 1..3 of [round(3p) >= t - 1/2], half to even: 0, 1, 2 or 3
 *     backward  1 where 0 <= 3p <= 3, else 0: straight through the rounding, clipped
 *
 * Two bits of information, held as three nested binary maps. Its outputs are whole numbers up to 3 and not attentions: the layers
 * after it bring the scale. Source: BHViT, Gao et al., CVPR 2025, arXiv 2503.02394; its released code rounds and clips p / alpha + z
 * with learned alpha and z, which stand at 1/3 and 0 here.
 */
import { roundHalfEven } from '@/lib/math/round-half-even';
import {
  binarizeEntries,
  recordOf,
  requireHead,
  sketchOf,
  WITHOUT_SCALES,
  withParameters,
  type AttentionBinarizer,
} from '@/lib/quantizers/attention-binarizer';
import { unitScale, type Quantized, type Quantizer } from '@/lib/quantizers/quantizer';
import { isBetween } from '@/lib/quantizers/steps';
import { tf, withGradient } from '@/lib/tf';

/** Binary maps in the sum. */
const MAPS = 3;

export const decomposition: Quantizer<Record<never, never>> = {
  name: 'Quantization decomposition',
  bits: 2,
  equation: String.raw`\hat{p} = \sum_{t=1}^{3} \mathbf{1}\!\left[\lfloor 3p \rceil \ge t - \tfrac{1}{2}\right] \in \{0, 1, 2, 3\}, \qquad \frac{\partial \hat{p}}{\partial (3p)} \approx \mathbf{1}[0 \le 3p \le 3]`,
  source: 'BHViT, Gao et al., CVPR 2025, arXiv 2503.02394',
  forward: (p) => Math.min(MAPS, Math.max(0, roundHalfEven(MAPS * p))),
  surrogate: (p) => (p >= 0 && p <= 1 ? 1 : 0),
};

export const decompositionBinarizer: AttentionBinarizer = {
  id: 'decomposition',
  ...recordOf(decomposition),
  levels: MAPS + 1,
  passNote: null,
  binarize(head) {
    requireHead(head);
    const { attention, tokens } = head;
    const ofRow = () => withParameters(decomposition, {});
    return binarizeEntries({ input: attention, tokens, parameters: [], ofRow });
  },
  inModel: {
    ...WITHOUT_SCALES,
    apply: applyDecomposition,
    sketch: () => sketchOf(decomposition, {}, { marks: [0, 1] }),
  },
};

/** `decomposition` on every entry, with its gradient. @param p [B, H, N, M] */
export function applyDecomposition(p: tf.Tensor4D): Quantized {
  const integers = tf.clipByValue(tf.round(tf.mul<tf.Tensor4D>(p, MAPS)), 0, MAPS);
  const value = withGradient(
    [p],
    () => ({ value: tf.clone(integers), saved: [p] }),
    (gradient, saved) => [tf.mul(gradient, isBetween(saved, 0, 1))],
  );
  return { value, levels: { integers, scale: unitScale() } };
}
