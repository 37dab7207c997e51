import { at } from '@/lib/math/number-row';
import { roundHalfEven } from '@/lib/math/round-half-even';
import { passWindow, type PassWindow } from '@/lib/metrics/ste-pass-share';
import type { QuantizerParameters } from '@/lib/quantizers/parameters';

/**
 * Where the straight-through estimator of one head's quantizer lets a gradient pass, in units of the quantizer's input.
 *
 *     sign-alpha  |x / alpha + z^| <= 1,  z^ = round(z), half to even (0 without zero points)
 *     elastic     0 <= x / alpha <= 1
 *
 * @param quantizer as a trace records it, of all heads
 * @returns `null` for full precision, which clips nothing, and for quantizers that are fitted after training
 * @throws RangeError when it has no such head, or its alpha is 0 or not finite
 */
export function quantizerWindow(quantizer: QuantizerParameters, head: number): PassWindow | null {
  switch (quantizer.kind) {
    case 'real':
      return null;
    case 'sign-alpha': {
      const { alpha, zeroPoint } = quantizer;
      const scale = at(alpha, head);
      const shift = zeroPoint === null ? 0 : roundHalfEven(at(zeroPoint, head));
      return passWindow(scale, -scale * shift, { lower: -1, upper: 1 });
    }
    case 'elastic':
      return passWindow(at(quantizer.alpha, head), 0, { lower: 0, upper: 1 });
    default:
      // Fitted after training, to the values at hand: nothing is trained through it.
      return null;
  }
}
