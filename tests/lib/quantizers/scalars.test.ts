/** The scalar forms: what each does at its edges, and its surrogate against finite differences of the function it stands for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finiteDifference } from '@/lib/math/finite-difference';
import { biRealSign } from '@/lib/quantizers/bi-real-sign';
import { elastic, elasticGradientOfAlpha } from '@/lib/quantizers/elastic';
import { learnedWeightSign } from '@/lib/quantizers/learned-weight-sign';
import { signAlpha, signAlphaGradientOfAlpha } from '@/lib/quantizers/sign-alpha';
import { signOf } from '@/lib/quantizers/sign';
import { weightSign } from '@/lib/quantizers/weight-sign';

function slope(f: (x: number) => number, x: number): number {
  return finiteDifference(([value = NaN]) => f(value), [x])[0] ?? NaN;
}

describe('the scalar forms', () => {
  it('every quantizer takes one bit, and says where it comes from and what it computes', () => {
    for (const { bits, source, equation, name } of [biRealSign, weightSign, learnedWeightSign, signAlpha, elastic]) {
      expect(bits).toBe(1);
      expect(source).toMatch(/arXiv \d{4}\.\d{5}/);
      expect(equation).toMatch(/\\hat/);
      expect(name).not.toBe('');
    }
  });

  it('sign(0) is what is stated, also for -0', () => {
    expect([signOf(0, 0), signOf(-0, 0), signOf(0, 1), signOf(-0, 1)]).toEqual([0, 0, 1, 1]);
    expect([signOf(1e-300, 0), signOf(-1e-300, 1)]).toEqual([1, -1]);
  });

  it('the Bi-Real surrogate is the slope of the parabolas that approximate the sign', () => {
    const approximation = (x: number): number => {
      if (Math.abs(x) >= 1) return Math.sign(x);
      return x < 0 ? 2 * x + x * x : 2 * x - x * x;
    };
    for (const x of [-1.7, -0.9, -0.4, -0.1, 0.1, 0.4, 0.9, 1.7]) {
      expect(biRealSign.surrogate(x, { signOfZero: 0 })).toBeCloseTo(slope(approximation, x), 8);
    }
  });

  it('the straight-through windows are the slopes of the clips that they stand for', () => {
    const parameters = { alpha: 0.7, zeroPoint: -1, signOfZero: 0 } as const;
    const clip = (x: number): number => 0.7 * Math.min(1, Math.max(-1, x / 0.7 - 1));
    const clipped = (p: number): number => 0.7 * Math.min(1, Math.max(0, p / 0.7));
    for (const x of [-0.9, -0.2, 0.1, 0.3, 0.65, 0.75, 1.3, 1.5]) {
      expect(signAlpha.surrogate(x, parameters)).toBeCloseTo(slope(clip, x), 8);
      expect(elastic.surrogate(x, { alpha: 0.7 })).toBeCloseTo(slope(clipped, x), 8);
    }
  });

  it('the windows include their edges', () => {
    const parameters = { alpha: 2, zeroPoint: 0, signOfZero: 1 } as const;
    expect([-2.001, -2, 2, 2.001].map((x) => signAlpha.surrogate(x, parameters))).toEqual([0, 1, 1, 0]);
    expect([-0.001, 0, 2, 2.001].map((p) => elastic.surrogate(p, parameters))).toEqual([0, 1, 1, 0]);
    expect([-2.001, -2, 2, 2.001].map((w) => learnedWeightSign.surrogate(w, parameters))).toEqual([0, 1, 1, 0]);
    expect([-1.001, -1, 1, 1.001].map((w) => weightSign.surrogate(w, { scale: 1, signOfZero: 0 }))).toEqual([
      0, 1, 1, 0,
    ]);
  });

  it('outside the window, where the forward is linear in alpha, its gradient is the true one', () => {
    for (const x of [-3, 3]) {
      const forward = (alpha: number): number => signAlpha.forward(x, { alpha, zeroPoint: 1, signOfZero: 0 });
      const gradient = signAlphaGradientOfAlpha(x, { alpha: 0.5, zeroPoint: 1, signOfZero: 0 });
      expect(gradient).toBeCloseTo(slope(forward, 0.5), 8);
    }
    expect(elasticGradientOfAlpha(3, { alpha: 0.5 })).toBeCloseTo(
      slope((alpha) => elastic.forward(3, { alpha }), 0.5),
      8,
    );
    expect(elasticGradientOfAlpha(-3, { alpha: 0.5 })).toBe(0);
  });

  it('elastic sends exactly half of alpha to 0, the even neighbour', () => {
    expect([0.24, 0.25, 0.26].map((p) => elastic.forward(p, { alpha: 0.5 }))).toEqual([0, 0, 0.5]);
  });

  it('a quantized value stays where it is when quantized again (no zero point)', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        (x, alpha) => {
          const once = signAlpha.forward(x, { alpha, zeroPoint: 0, signOfZero: 1 });
          expect(signAlpha.forward(once, { alpha, zeroPoint: 0, signOfZero: 1 })).toBe(once);
          expect(elastic.forward(elastic.forward(x, { alpha }), { alpha })).toBe(elastic.forward(x, { alpha }));
        },
      ),
    );
  });
});
