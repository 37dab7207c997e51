import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gradientNorm, headFlow, type HeadPasses } from '@/lib/metrics/gradient-flow';
import { quantizerWindow } from '@/lib/metrics/quantizer-window';
import { stePassShare } from '@/lib/metrics/ste-pass-share';
import { elastic } from '@/lib/quantizers/elastic';
import { signAlpha } from '@/lib/quantizers/sign-alpha';
import { anyEntry, finiteEntry } from './rows';

describe('gradientNorm', () => {
  test('is the root of the sum of squares', () => {
    fc.assert(
      fc.property(fc.array(finiteEntry), (row) => {
        const expected = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
        expect(Math.abs(gradientNorm(row) - expected)).toBeLessThanOrEqual(1e-12 * expected + 1e-150); // below, the squares vanish
      }),
    );
  });

  test('is 0 only where every entry is', () => {
    expect(gradientNorm(new Float32Array(9))).toBe(0);
    expect(gradientNorm([])).toBe(0);
    expect(gradientNorm([0, 1e-300])).toBe(1e-300); // whose square is 0
    expect(gradientNorm([3e200, 4e200])).toBeCloseTo(5e200, -188); // whose squares are infinite
    expect(gradientNorm([1, NaN])).toBeNaN();
  });
});

describe('quantizerWindow', () => {
  const parameter = fc.double({ min: 0.05, max: 3, noNaN: true });

  test('is where the surrogate derivative of sign with alpha is 1, with zero points rounded half to even', () => {
    fc.assert(
      fc.property(parameter, fc.double({ min: -3, max: 3, noNaN: true }), finiteEntry, (scale, shift, x) => {
        const [alpha, zeroPoint] = [Float32Array.of(9, scale), Float32Array.of(9, shift)];
        const window = quantizerWindow({ kind: 'sign-alpha', alpha, zeroPoint, signOfZero: 0 }, 1);
        const value = Number(alpha[1]) * (((x % 6) + 6) % 6) - 3;
        const u = value / Number(alpha[1]) + Math.round(Number(zeroPoint[1]));
        fc.pre(Math.abs(Math.abs(u) - 1) > 1e-9 && Math.abs(Number(zeroPoint[1])) % 1 !== 0.5);
        const passes = signAlpha.surrogate(value, {
          alpha: Number(alpha[1]),
          zeroPoint: Math.round(Number(zeroPoint[1])),
          signOfZero: 0,
        });
        expect(window && stePassShare([value], window)).toBe(passes);
      }),
    );
    const at = (shift: number) =>
      quantizerWindow(
        { kind: 'sign-alpha', alpha: Float32Array.of(2), zeroPoint: Float32Array.of(shift), signOfZero: 0 },
        0,
      );
    expect(at(-0.5)).toEqual({ lower: -2, upper: 2 });
    expect(at(0.5)).toEqual({ lower: -2, upper: 2 });
    expect(at(-1.5)).toEqual({ lower: 2, upper: 6 });
    expect(at(1.5)).toEqual({ lower: -6, upper: -2 });
    expect(at(2.5)).toEqual({ lower: -6, upper: -2 });
    expect(at(-0.7)).toEqual({ lower: 0, upper: 4 });
  });

  test('is where the surrogate derivative of the elastic quantizer is 1', () => {
    fc.assert(
      // Attention is float32: the smallest doubles over alpha would vanish, and the surrogate take them for 0.
      fc.property(parameter, fc.float({ min: -1, max: 4, noNaN: true }), (scale, value) => {
        const alpha = Float32Array.of(scale);
        const window = quantizerWindow({ kind: 'elastic', alpha }, 0);
        fc.pre(Math.abs(value / Number(alpha[0]) - 1) > 1e-9);
        expect(window && stePassShare([value], window)).toBe(elastic.surrogate(value, { alpha: Number(alpha[0]) }));
      }),
    );
  });

  test('does not exist in full precision, and refuses a head that is not there', () => {
    expect(quantizerWindow({ kind: 'real' }, 0)).toBeNull();
    expect(() => quantizerWindow({ kind: 'elastic', alpha: Float32Array.of(1) }, 1)).toThrow(RangeError);
  });
});

describe('headFlow', () => {
  const passes: HeadPasses = {
    inputs: { q: [1, 2, 3, 4], k: [0, 0, 0, 1], v: [5, 5], attention: [0.5, 0.5, 0.25, 0.75] },
    windows: {
      q: { lower: -2, upper: 2 },
      k: { lower: 1, upper: 2 },
      v: { lower: 0, upper: 1 },
      attention: { lower: 0, upper: 0.5 },
    },
    gradScores: [3, 4],
    gradAttention: [0, 0],
    gradAttentionBinary: [1, 1, 1, 1],
    gradQ: [-2],
  };

  test('puts norms, pass shares and the slope of the softmax together', () => {
    expect(headFlow(passes)).toEqual({
      gradScores: 5,
      gradAttention: 0,
      gradAttentionBinary: 2,
      gradQ: 2,
      passShare: { q: 0.5, k: 0.25, v: 0, attention: 0.75 },
      softmaxSlope: (0.25 + 0.25 + 0.1875 + 0.1875) / 4,
    });
  });

  test('has null where full precision has nothing to pass', () => {
    const none = { q: null, k: null, v: null, attention: null };
    expect(headFlow({ ...passes, windows: none, gradAttentionBinary: null })).toMatchObject({
      gradAttentionBinary: null,
      passShare: none,
    });
  });

  test('has a slope in its range or none for any attention', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { minLength: 1 }), (attention) => {
        const { softmaxSlope } = headFlow({ ...passes, inputs: { ...passes.inputs, attention } });
        if (softmaxSlope !== null) expect(softmaxSlope >= 0 && softmaxSlope <= 0.25).toBe(true);
      }),
    );
  });
});
