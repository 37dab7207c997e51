/**
 * The sign of a linear's input, with the triangular surrogate of Bi-Real Net.
 *
 *     forward   sign(x)
 *     backward  2 + 2x on [-1, 0),  2 - 2x on [0, 1),  0 elsewhere
 *
 * Source: Liu et al., Bi-Real Net, ECCV 2018, arXiv 1808.00278; used by Bi-ViT's released code (arXiv 2305.12354).
 */
import type { SignOfZero } from '@/lib/quantizers/parameters';
import type { Quantizer } from '@/lib/quantizers/quantizer';
import { signOf, signTensor } from '@/lib/quantizers/sign';
import { tf, withGradient } from '@/lib/tf';

export interface BiRealSignParameters {
  readonly signOfZero: SignOfZero;
}

export const biRealSign: Quantizer<BiRealSignParameters> = {
  name: 'Bi-Real sign',
  bits: 1,
  equation: String.raw`\hat{x} = \operatorname{sign}(x), \qquad \frac{\partial \hat{x}}{\partial x} \approx \max(0,\, 2 - 2|x|)`,
  source: 'Liu et al., Bi-Real Net, ECCV 2018, arXiv 1808.00278',
  forward: (x, { signOfZero }) => signOf(x, signOfZero),
  surrogate: (x) => Math.max(0, 2 - 2 * Math.abs(x)),
};

/** `biRealSign` on every element of a tensor of any shape, with its gradient. */
export function applyBiRealSign<T extends tf.Tensor>(x: T, { signOfZero }: BiRealSignParameters): T {
  return withGradient(
    [x],
    () => ({ value: signTensor(x, signOfZero), saved: [x] }),
    (gradient, input) => [tf.mul(gradient, tf.relu(tf.sub(2, tf.mul(2, tf.abs(input)))))],
  );
}
