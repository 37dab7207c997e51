import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finiteDifference } from '@/lib/math/finite-difference';
import { logSpace } from '@/lib/math/log-space';
import { createRng } from '@/lib/math/rng';
import { softmax } from '@/lib/math/softmax';
import { softmaxJacobian } from '@/lib/math/softmax-jacobian';
import {
  DEAD_BELOW,
  jacobianNorm,
  softmaxCurve,
  softmaxMicroscope,
  type SoftmaxMicroscope,
} from '@/lib/metrics/softmax-microscope';
import { pairOf } from './rows';

const score = fc.double({ min: -4, max: 4, noNaN: true });

function look(scores: readonly number[], gradient: readonly number[], alpha: number): SoftmaxMicroscope {
  const seen = softmaxMicroscope(scores, gradient, alpha);
  if (seen === null) throw new Error('the test needs finite scores');
  return seen;
}

const norm = (values: Iterable<number>) => Math.sqrt([...values].reduce((sum, value) => sum + value * value, 0));

function randomRow(size: number, seed: number): number[] {
  const rng = createRng(seed);
  return Array.from({ length: size }, () => rng.normal());
}

describe('softmaxMicroscope', () => {
  test('agrees with central differences of g . softmax(alpha z) to 1e-4, over four decades of alpha', () => {
    fc.assert(
      fc.property(pairOf(score, 2, 20), fc.double({ min: -2, max: 2, noNaN: true }), ([z, g], decade) => {
        const alpha = 10 ** decade;
        const { gradScores } = look(z, g, alpha);
        // The step follows alpha: what is sampled is softmax of alpha z.
        const slopes = finiteDifference(
          (x) => softmax(x, alpha).reduce((sum, p, i) => sum + p * (g[i] ?? NaN), 0),
          z,
          1e-5 / Math.max(1, alpha),
        );
        gradScores.forEach((slope, i) => {
          const expected = slopes[i] ?? NaN;
          expect(Math.abs(slope - expected)).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected)));
        });
      }),
      { numRuns: 300 },
    );
  });

  test('shows the parts of which that gradient is made: alpha z, p, J and alpha J g', () => {
    fc.assert(
      fc.property(pairOf(score, 1, 20), fc.double({ min: 0.01, max: 10, noNaN: true }), ([z, g], alpha) => {
        const { scaled, attention, jacobian, gradScores, gradScoresNorm } = look(z, g, alpha);
        expect([...scaled]).toEqual(z.map((value) => alpha * value));
        expect([...attention]).toEqual([...softmax(z.map((value) => alpha * value))]);
        z.forEach((_, i) => {
          let product = 0;
          g.forEach((slope, j) => {
            const p = attention[i] ?? NaN;
            const q = attention[j] ?? NaN;
            expect(jacobian[i * z.length + j]).toBeCloseTo(i === j ? p - p * q : -p * q, 14);
            product += (jacobian[i * z.length + j] ?? NaN) * slope;
          });
          expect(gradScores[i]).toBeCloseTo(alpha * product, 11);
        });
        expect(gradScoresNorm).toBeCloseTo(norm(gradScores), 12);
      }),
    );
  });

  test('counts as dead what gets less than a thousandth of the largest that arrives', () => {
    const [z, g] = [randomRow(50, 1), randomRow(50, 2)];
    const largest = Math.max(...g.map(Math.abs));
    for (const alpha of [0.01, 0.3, 1, 5, 100]) {
      const { gradScores, deadShare } = look(z, g, alpha);
      const dead = gradScores.filter((slope) => Math.abs(slope) < DEAD_BELOW * largest).length;
      expect(deadShare).toBe(dead / 50);
    }
    expect(look(z, g, 100).deadShare).toBeGreaterThan(0.9); // saturated
    expect(look(z, g, 0.001).deadShare).toBe(1); // scaled away
    expect(look(z, g, 1).deadShare).toBeLessThan(1);
  });

  test('has no dead share where nothing arrives, and nothing at all for scores that are not finite', () => {
    expect(look([1, 2, 3], [0, 0, 0], 1)).toMatchObject({ deadShare: null, gradScoresNorm: 0 });
    expect(softmaxMicroscope([1, NaN], [1, 1], 1)).toBeNull();
    expect(softmaxMicroscope([1, Infinity], [1, 1], 1)).toBeNull();
    expect(softmaxMicroscope([], [], 1)).toBeNull();
  });

  test('does not see a constant added to the gradient, nor one to the scores', () => {
    const [z, g] = [randomRow(50, 3), randomRow(50, 4)];
    const { gradScores } = look(z, g, 2);
    const shifted = look(
      z.map((value) => value + 3),
      g.map((slope) => slope + 7),
      2,
    );
    shifted.gradScores.forEach((slope, i) => expect(slope).toBeCloseTo(gradScores[i] ?? NaN, 12));
  });

  test('keeps its digits in a saturated row, where 1 - p rounds to 0', () => {
    // p_0 = 1 / (1 + e^-50), g = (1, 0): dL/dz = +-p_0 p_1 = about e^-50.
    const { gradScores, jacobianNorm: size } = look([50, 0], [1, 0], 1);
    expect((gradScores[0] ?? NaN) / Math.exp(-50)).toBeCloseTo(1, 10);
    expect((gradScores[1] ?? NaN) / Math.exp(-50)).toBeCloseTo(-1, 10);
    expect(size / (2 * Math.exp(-50))).toBeCloseTo(1, 10);
  });

  test('refuses rows of different lengths and an alpha that is none', () => {
    expect(() => softmaxMicroscope([1, 2], [1], 1)).toThrow(RangeError);
    expect(() => softmaxMicroscope([1, 2], [1, 2], NaN)).toThrow(RangeError);
  });
});

describe('jacobianNorm', () => {
  test('is the Frobenius norm of the Jacobian written out', () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 30 }), (z) => {
        const p = softmax(z, 1.5);
        expect(jacobianNorm(p)).toBeCloseTo(norm(softmaxJacobian(p)), 12);
        const power = (k: number) => p.reduce((sum, value) => sum + value ** k, 0);
        expect(jacobianNorm(p) ** 2).toBeCloseTo(power(2) - 2 * power(3) + power(2) ** 2, 12);
      }),
    );
  });

  test('is 1/2 for two equal halves, its largest value, and 0 for a single key', () => {
    expect(jacobianNorm([0.5, 0.5])).toBeCloseTo(0.5, 15);
    expect(jacobianNorm([1])).toBe(0);
    expect(jacobianNorm([1, 0, 0])).toBe(0);
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 30 }), (z) => {
        expect(jacobianNorm(softmax(z))).toBeLessThanOrEqual(0.5 + 1e-12);
      }),
    );
  });
});

describe('softmaxCurve', () => {
  const alphas = logSpace(0.01, 100, 121);

  test('is the microscope at each alpha', () => {
    const [z, g] = [randomRow(50, 5), randomRow(50, 6)];
    const curve = softmaxCurve(z, g, alphas);
    expect(curve?.scaledJacobianNorms).toHaveLength(121);
    alphas.forEach((alpha, i) => {
      const { jacobian, gradScoresNorm, deadShare } = look(z, g, alpha);
      expect(curve?.scaledJacobianNorms[i]).toBeCloseTo(alpha * norm(jacobian), 9);
      expect(curve?.gradScoresNorms[i]).toBe(gradScoresNorm);
      expect(curve?.deadShares[i]).toBe(deadShare);
    });
  });

  test('is not monotonic: it rises and falls again, and names its highest point', () => {
    const [z, g] = [randomRow(50, 7), randomRow(50, 8)];
    const curve = softmaxCurve(z, g, alphas);
    const peak = curve?.jacobianPeak;
    expect(peak?.value).toBe(Math.max(...(curve?.scaledJacobianNorms ?? [])));
    expect(peak?.alpha).toBe(alphas[peak?.index ?? NaN]);
    expect(peak?.index).toBeGreaterThan(0);
    expect(peak?.index).toBeLessThan(120);
    expect(curve?.gradScoresPeak?.value).toBe(Math.max(...(curve?.gradScoresNorms ?? [])));
  });

  test('has no highest point where nothing arrives, and is null for scores that are not finite', () => {
    expect(softmaxCurve([1, 2], [0, 0], alphas)).toMatchObject({ gradScoresPeak: null, deadShares: expect.any(Array) });
    expect(softmaxCurve([1, 2], [0, 0], alphas)?.deadShares.every((share) => share === null)).toBe(true);
    expect(softmaxCurve([1, NaN], [1, 1], alphas)).toBeNull();
  });
});
