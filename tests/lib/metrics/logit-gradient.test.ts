import { describe, expect, it } from 'vitest';
import { finiteDifference } from '@/lib/math/finite-difference';
import { logitGradientNorm } from '@/lib/metrics/logit-gradient';

/** -log softmax(l)_c, written out. */
const crossEntropy = (logits: ArrayLike<number>, classIndex: number) =>
  Math.log(Array.from(logits).reduce((sum, l) => sum + Math.exp(l), 0)) - (logits[classIndex] ?? NaN);

describe('logitGradientNorm', () => {
  it('is the norm of the gradient that differences of the cross-entropy give', () => {
    const logits = [0.3, -1.2, 2.5, 0.9, -0.4];
    for (const classIndex of [0, 2, 4]) {
      const gradient = finiteDifference((l) => crossEntropy(l, classIndex), logits);
      expect(logitGradientNorm(logits, classIndex)).toBeCloseTo(Math.hypot(...gradient), 8);
    }
  });

  it('keeps its digits where the answer is sure', () => {
    // p of the other class is e^-40, which 1 - p_c cannot tell from 0.
    expect(logitGradientNorm([40, 0], 0)).toBeCloseTo(Math.SQRT2 * Math.exp(-40), 30);
    expect(logitGradientNorm([40, 0], 0)).toBeGreaterThan(0);
    expect(logitGradientNorm([40, 0], 1)).toBeCloseTo(Math.SQRT2, 12);
  });

  it('is undefined for logits that are not finite, and refuses a class that is none', () => {
    expect(logitGradientNorm([1, NaN], 0)).toBeNull();
    expect(() => logitGradientNorm([1, 2], 2)).toThrow(RangeError);
  });
});
