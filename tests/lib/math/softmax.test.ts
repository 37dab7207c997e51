import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finiteDifference } from '@/lib/math/finite-difference';
import { softmax } from '@/lib/math/softmax';
import { softmaxJacobian } from '@/lib/math/softmax-jacobian';
import { softmaxVectorJacobian } from '@/lib/math/softmax-vector-jacobian';
import { goldens } from '../metrics/goldens';

const score = fc.double({ min: -6, max: 6, noNaN: true });
const scores = fc.array(score, { minLength: 1, maxLength: 10 });
const sum = (row: Iterable<number>) => [...row].reduce((a, b) => a + b, 0);

describe('softmax', () => {
  test.each(goldens.softmax)('agrees with scipy.special.softmax: $name', ({ scores: row, softmax: expected }) => {
    const actual = softmax(row);
    expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 14));
  });

  test('sums to 1 and is not moved by a constant added to all scores', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: -1000, max: 1000 }), (row, shift) => {
        const p = softmax(row);
        const moved = softmax(row.map((value) => value + shift));
        expect(sum(p)).toBeCloseTo(1, 12);
        p.forEach((value, i) => expect(moved[i]).toBeCloseTo(value, 10));
      }),
    );
  });

  test('keeps the order of the scores', () => {
    const p = softmax([3, -1, 2]);
    expect(Number(p[0])).toBeGreaterThan(Number(p[2]));
    expect(Number(p[2])).toBeGreaterThan(Number(p[1]));
  });

  test('multiplies by the scale first, and stays finite where exp alone would not', () => {
    expect([...softmax([0, 1000], 3)]).toEqual([0, 1]);
    expect([...softmax([1, 3], 0.5)]).toEqual([...softmax([0.5, 1.5])]);
    expect([...softmax([1, 3], 0)]).toEqual([0.5, 0.5]);
  });

  test('gives a masked entry exactly 0', () => {
    expect([...softmax([0, -Infinity, 0])]).toEqual([0.5, 0, 0.5]);
  });

  test('of an empty row is empty; of a row without a finite maximum it throws', () => {
    expect(softmax([]).length).toBe(0);
    for (const row of [
      [NaN, 1],
      [1, NaN, 2],
      [Infinity, 1],
      [-Infinity, -Infinity],
    ]) {
      expect(() => softmax(row)).toThrow(RangeError);
    }
  });
});

describe('softmaxJacobian', () => {
  test('agrees with central differences of softmax, row by row', () => {
    fc.assert(
      fc.property(scores, (row) => {
        const jacobian = softmaxJacobian(softmax(row));
        row.forEach((_, i) => {
          const numeric = finiteDifference((z) => Number(softmax(z)[i]), row);
          numeric.forEach((value, j) => expect(jacobian[i * row.length + j]).toBeCloseTo(value, 8));
        });
      }),
      { numRuns: 50 },
    );
  });

  test('is symmetric with rows that sum to 0', () => {
    const p = softmax([0.3, -2, 1.1, 0]);
    const jacobian = softmaxJacobian(p);
    for (let i = 0; i < 4; i++) {
      expect(sum(jacobian.slice(4 * i, 4 * i + 4))).toBeCloseTo(0, 14);
      for (let j = 0; j < 4; j++) expect(jacobian[4 * i + j]).toBe(jacobian[4 * j + i]);
    }
  });

  test('vanishes for a saturated row and is p (1 - p) = (N - 1) / N^2 on the diagonal of a flat one', () => {
    expect([...softmaxJacobian([0, 1, 0])].every((value) => value === 0)).toBe(true);
    expect(softmaxJacobian([0.25, 0.25, 0.25, 0.25])[0]).toBe(3 / 16);
  });
});

describe('softmaxVectorJacobian', () => {
  const withGradient = fc
    .integer({ min: 1, max: 10 })
    .chain((size) =>
      fc.tuple(
        fc.array(score, { minLength: size, maxLength: size }),
        fc.array(score, { minLength: size, maxLength: size }),
      ),
    );

  test('equals the product with the whole Jacobian', () => {
    fc.assert(
      fc.property(withGradient, ([row, gradient]) => {
        const p = softmax(row);
        const jacobian = softmaxJacobian(p);
        const result = softmaxVectorJacobian(p, gradient);
        row.forEach((_, j) => {
          const expected = sum(gradient.map((g, i) => g * Number(jacobian[i * row.length + j])));
          expect(result[j]).toBeCloseTo(expected, 12);
        });
      }),
    );
  });

  test('is the gradient of a loss on the attention by the scores, the scale as a factor', () => {
    fc.assert(
      fc.property(withGradient, fc.double({ min: 0.1, max: 3, noNaN: true }), ([row, gradient], scale) => {
        const loss = (z: Float64Array) => sum(softmax(z, scale).map((p, i) => p * Number(gradient[i])));
        const numeric = finiteDifference(loss, row);
        const exact = softmaxVectorJacobian(softmax(row, scale), gradient);
        exact.forEach((value, i) => expect(scale * value).toBeCloseTo(Number(numeric[i]), 6));
      }),
      { numRuns: 60 },
    );
  });

  test('refuses a gradient of another length', () => {
    expect(() => softmaxVectorJacobian([0.5, 0.5], [1])).toThrow(RangeError);
  });
});
