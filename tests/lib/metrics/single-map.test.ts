import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { softmax } from '@/lib/math/softmax';
import { softmaxJacobian } from '@/lib/math/softmax-jacobian';
import { constantRowShare, explainConstantRowShare, isConstantRow } from '@/lib/metrics/constant-row-share';
import { diagonalMass, explainDiagonalMass, massOnDiagonal } from '@/lib/metrics/diagonal-mass';
import { explainSoftmaxSlope, softmaxSlope } from '@/lib/metrics/softmax-slope';
import { explainStePassShare, passWindow, stePassShare } from '@/lib/metrics/ste-pass-share';

describe('constantRowShare', () => {
  test('counts rows whose entries are all exactly equal', () => {
    const matrix = [1, 1, 1, 0, 0, 0, 1, 2, 1];
    expect(constantRowShare(matrix, 3)).toBe(2 / 3);
    expect(constantRowShare(Float32Array.from(matrix), 3)).toBe(2 / 3);
    expect(explainConstantRowShare(matrix, 3)).toMatchObject({ latex: '\\frac{2}{3} = 0.6667' });
  });

  test('takes no near miss for a constant row', () => {
    expect(isConstantRow([1, 1 + Number.EPSILON])).toBe(false);
    expect(isConstantRow([NaN, NaN])).toBe(false);
    expect(isConstantRow([0, -0])).toBe(true);
  });

  test('is null without rows and for rows of a single entry, and refuses part of a row', () => {
    expect(constantRowShare([], 3)).toBeNull();
    expect(constantRowShare([1, 2], 1)).toBeNull();
    expect(() => constantRowShare([1, 2, 3, 4], 3)).toThrow(RangeError);
  });
});

describe('diagonalMass', () => {
  test('is the share of the own token', () => {
    expect(diagonalMass([1, 3, 4], 1)).toBe(3 / 8);
    expect(explainDiagonalMass([1, 3, 4], 1)).toMatchObject({ latex: '\\frac{3}{8} = 0.375', result: 0.375 });
  });

  test('leaves rows without mass out of the mean and says how many are left', () => {
    expect(massOnDiagonal([1, 0, 0, 0, 0, 0, 1, 2, 1], 3)).toEqual({ value: (1 + 0.25) / 2, defined: 2, total: 3 });
    expect(massOnDiagonal([0, 0, 0, 0], 2)).toEqual({ value: null, defined: 0, total: 2 });
  });

  test('is 1 throughout for the identity', () => {
    expect(massOnDiagonal([1, 0, 0, 1], 2)).toEqual({ value: 1, defined: 2, total: 2 });
  });

  test('refuses a query outside the row', () => {
    expect(() => diagonalMass([1, 2], 2)).toThrow(RangeError);
  });
});

describe('softmaxSlope', () => {
  test('is the mean of the diagonal of the softmax Jacobian', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 12 }), (scores) => {
        const p = softmax(scores);
        const jacobian = softmaxJacobian(p);
        let trace = 0;
        for (let i = 0; i < p.length; i++) trace += Number(jacobian[i * p.length + i]);
        expect(softmaxSlope(p)).toBeCloseTo(trace / p.length, 14);
      }),
    );
  });

  test('is (N - 1) / N^2 for a flat row and 0 for a saturated one', () => {
    expect(softmaxSlope([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(3 / 16, 14);
    expect(softmaxSlope([0, 1, 0])).toBe(0);
  });

  test('is null for what no softmax gives', () => {
    expect(softmaxSlope([])).toBeNull();
    expect(softmaxSlope([0.5, 1.5])).toBeNull();
    expect(softmaxSlope([0.5, NaN])).toBeNull();
    expect(explainSoftmaxSlope([2])).toMatchObject({ result: null });
  });
});

describe('stePassShare', () => {
  test('counts inputs within the window, its borders included', () => {
    const window = passWindow(0.5, 0, { lower: -1, upper: 1 });
    expect(window).toEqual({ lower: -0.5, upper: 0.5 });
    expect(stePassShare([-0.6, -0.5, 0, 0.5, 0.7], window)).toBe(3 / 5);
    expect(explainStePassShare([0, 1], window)).toMatchObject({ latex: '\\frac{1}{2} = 0.5' });
  });

  test('the window follows beta, and a negative alpha mirrors it', () => {
    expect(passWindow(2, 1, { lower: 0, upper: 1 })).toEqual({ lower: 1, upper: 3 });
    expect(passWindow(-2, 1, { lower: 0, upper: 1 })).toEqual({ lower: -1, upper: 1 });
    expect(() => passWindow(0, 0, { lower: 0, upper: 1 })).toThrow(RangeError);
  });

  test('a wider alpha never passes less', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        (values, alpha) => {
          const share = (a: number) => Number(stePassShare(values, passWindow(a, 0, { lower: -1, upper: 1 })));
          expect(share(alpha * 1.5)).toBeGreaterThanOrEqual(share(alpha));
        },
      ),
    );
  });

  test('is null without values or with NaN', () => {
    expect(stePassShare([], { lower: -1, upper: 1 })).toBeNull();
    expect(stePassShare([0, NaN], { lower: -1, upper: 1 })).toBeNull();
  });
});
