import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matrixMultiply } from '@/lib/math/matrix-multiply';
import { maxAbs } from '@/lib/math/max-abs';
import { at, matrixRow, requireSameLength } from '@/lib/math/number-row';

describe('at', () => {
  test('is the element, and throws outside the row', () => {
    expect(at(Float32Array.of(1.5, 2.5), 1)).toBe(2.5);
    for (const index of [-1, 2, 0.5]) expect(() => at([1, 2], index)).toThrow(RangeError);
  });
});

describe('matrixRow', () => {
  test('is a view of a typed array and a copy of a literal', () => {
    const matrix = Float32Array.of(1, 2, 3, 4, 5, 6);
    const row = matrixRow(matrix, 3, 1);
    expect([...row]).toEqual([4, 5, 6]);
    expect((row as Float32Array).buffer).toBe(matrix.buffer);
    expect(matrixRow([1, 2, 3, 4], 2, 0)).toEqual([1, 2]);
  });

  test('refuses a row that is not there entirely', () => {
    expect(() => matrixRow([1, 2, 3], 2, 1)).toThrow(RangeError);
    expect(() => matrixRow([1, 2, 3], 2, -1)).toThrow(RangeError);
  });
});

describe('requireSameLength', () => {
  test('throws for rows of different lengths only', () => {
    expect(() => requireSameLength([1], [2])).not.toThrow();
    expect(() => requireSameLength([1], [])).toThrow(RangeError);
  });
});

describe('maxAbs', () => {
  test('is the largest magnitude, 0 for an empty row, and NaN where NaN is', () => {
    expect(maxAbs([1, -3, 2])).toBe(3);
    expect(maxAbs([])).toBe(0);
    expect(maxAbs([1, NaN, 2])).toBeNaN();
  });
});

describe('matrixMultiply', () => {
  test('multiplies rows by columns', () => {
    expect([...matrixMultiply([1, 2, 3, 4], [5, 6, 7, 8], 2)]).toEqual([19, 22, 43, 50]);
  });

  test('is associative over whole numbers', () => {
    const matrix = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(matrix, matrix, matrix, (a, b, c) => {
        const left = matrixMultiply(matrixMultiply(a, b, 3), c, 3);
        const right = matrixMultiply(a, matrixMultiply(b, c, 3), 3);
        left.forEach((value, i) => expect(value - Number(right[i])).toBe(0));
      }),
    );
  });

  test('refuses sizes that do not fit', () => {
    expect(() => matrixMultiply([1, 2], [1, 2, 3, 4], 2)).toThrow(RangeError);
  });
});
