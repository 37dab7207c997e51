/**
 * Sign with a scale alpha (and a zero point z) for each head: Bi-ViT's activation quantizer.
 *
 *     u = x / alpha + z^,  z^ = round(z), half to even
 *     forward   alpha * (sign(clamp(u, -1, 1)) - z^)
 *     backward  d/dx      1 where |u| <= 1, else 0
 *               d/d alpha sign(u) - u inside, sign(u) - z^ outside    } summed over the head's elements
 *               d/dz      0 inside, -alpha outside (z^ straight through) } and divided by sqrt(number of elements of x)
 *
 * With z = 0, inside and outside are |x| <= alpha: the learnable alpha is what moves the window of the straight-through gradient.
 * Source: Bi-ViT, arXiv 2305.12354, `ActBi` of the released code; the gradient's 1/sqrt(numel) follows LSQ, arXiv 1902.08153.
 */
import { SIGN_ALPHA } from '@/lib/quantizers/attention/sign-alpha/record';
import type { SignOfZero } from '@/lib/quantizers/parameters';
import { perHead, perHeadGradient, type Quantized, type Quantizer } from '@/lib/quantizers/quantizer';
import { signOf, signTensor } from '@/lib/quantizers/sign';
import { isWithin } from '@/lib/quantizers/steps';
import { tf, withGradient } from '@/lib/tf';

export interface SignAlphaParameters {
  readonly alpha: number;
  /** z^, an integer; 0 for none. */
  readonly zeroPoint: number;
  readonly signOfZero: SignOfZero;
}

export const signAlpha: Quantizer<SignAlphaParameters> = {
  ...SIGN_ALPHA,
  forward: (x, { alpha, zeroPoint, signOfZero }) => alpha * (signOf(x / alpha + zeroPoint, signOfZero) - zeroPoint),
  surrogate: (x, { alpha, zeroPoint }) => (Math.abs(x / alpha + zeroPoint) <= 1 ? 1 : 0),
};

/** d forward / d alpha at one x, before the sum over the head and the factor 1/sqrt(numel). */
export function signAlphaGradientOfAlpha(x: number, { alpha, zeroPoint, signOfZero }: SignAlphaParameters): number {
  const u = x / alpha + zeroPoint;
  return signOf(u, signOfZero) - (Math.abs(u) <= 1 ? u : zeroPoint);
}

/**
 * `signAlpha` on an activation, with the gradients of x, alpha and z.
 *
 * @param x [B, H, N, D]
 * @param alpha [H]
 * @param zeroPoint [H], real-valued as it was learned; `null` for none
 */
export function applySignAlpha(
  x: tf.Tensor4D,
  alpha: tf.Tensor1D,
  zeroPoint: tf.Tensor1D | null,
  signOfZero: SignOfZero,
): Quantized {
  const scale = perHead(alpha); // [1, H, 1, 1]
  const shift = zeroPoint ?? tf.zerosLike(alpha); // [H]
  const rounded = perHead(tf.round(shift)); // [1, H, 1, 1]
  const u = tf.add<tf.Tensor4D>(tf.div(x, scale), rounded);
  const signs = signTensor(u, signOfZero);
  const integers = tf.sub<tf.Tensor4D>(signs, rounded);

  const value = withGradient(
    [x, alpha, shift],
    () => ({ value: tf.mul<tf.Tensor4D>(scale, integers), saved: [u, signs, scale, rounded] }),
    (gradient, savedU, savedSigns, savedScale, savedRounded) => {
      const inside = isWithin(savedU, 1);
      const outside = tf.sub(1, inside);
      const slopeOfAlpha = tf.sub(savedSigns, tf.add(tf.mul(savedU, inside), tf.mul(savedRounded, outside)));
      const slopeOfZeroPoint = tf.mul(tf.neg(savedScale), outside);
      return [
        tf.mul(gradient, inside),
        perHeadGradient(tf.mul(gradient, slopeOfAlpha)),
        perHeadGradient(tf.mul(gradient, slopeOfZeroPoint)),
      ];
    },
  );
  return { value, levels: { integers, scale } };
}
