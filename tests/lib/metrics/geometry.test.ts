import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cosine, explainCosine } from '@/lib/metrics/cosine';
import { explainRelativeFrobenius, relativeFrobenius } from '@/lib/metrics/relative-frobenius';
import { finiteEntry, pairOf, permutedPairOf } from './rows';

describe('cosine', () => {
  test('is exactly 1 for a row against itself and -1 against its opposite', () => {
    fc.assert(
      fc.property(fc.array(finiteEntry, { minLength: 1, maxLength: 200 }), (row) => {
        fc.pre(row.some((value) => value !== 0));
        expect(cosine(row, row)).toBe(1);
        expect(
          cosine(
            row,
            row.map((value) => -value),
          ),
        ).toBe(-1);
      }),
    );
  });

  test('is symmetric, within [-1, 1], and blind to a positive scale', () => {
    fc.assert(
      fc.property(pairOf(fc.double({ min: -1, max: 1, noNaN: true })), ([t, s]) => {
        const value = cosine(t, s);
        expect(cosine(s, t)).toBe(value);
        if (value === null) return;
        expect(Math.abs(value)).toBeLessThanOrEqual(1);
        expect(
          cosine(
            t,
            s.map((entry) => entry * 4),
          ),
        ).toBe(value); // a power of two changes no digit
      }),
    );
  });

  test('does not depend on the order of the keys', () => {
    fc.assert(
      fc.property(permutedPairOf(fc.integer({ min: -9, max: 9 })), ([t, s, places]) => {
        const moved = (row: number[]) => places.map((place) => Number(row[place]));
        const expected = cosine(t, s);
        if (expected === null) expect(cosine(moved(t), moved(s))).toBeNull();
        else expect(cosine(moved(t), moved(s))).toBeCloseTo(expected, 12);
      }),
    );
  });

  test('survives rows whose squares would under- or overflow', () => {
    expect(cosine([3e-200, 4e-200], [3e-200, 4e-200])).toBe(1);
    expect(cosine([3e200, 4e200], [4e200, 3e200])).toBeCloseTo(24 / 25, 14);
  });

  test('is null, not 0, where a row is zero throughout', () => {
    expect(cosine([1, 2], [0, 0])).toBeNull();
    expect(cosine([0, 0], [0, 0])).toBeNull();
    expect(cosine([], [])).toBeNull();
  });

  test('explains itself with the dot product and the norms', () => {
    expect(explainCosine([3, 4], [4, 3])).toEqual({
      latex: '\\frac{24}{5 \\cdot 5} = 0.96',
      terms: [
        { symbol: 't \\cdot s', value: 24 },
        { symbol: '\\lVert t \\rVert', value: 5 },
        { symbol: '\\lVert s \\rVert', value: 5 },
      ],
      result: 0.96,
    });
  });
});

describe('relativeFrobenius', () => {
  test('is exactly 0 for a map against itself and 1 for a student of zeros', () => {
    fc.assert(
      fc.property(fc.array(finiteEntry, { minLength: 1, maxLength: 100 }), (map) => {
        fc.pre(map.some((value) => value !== 0));
        expect(relativeFrobenius(map, map)).toBe(0);
        expect(
          relativeFrobenius(
            map,
            map.map(() => 0),
          ),
        ).toBe(1);
      }),
    );
  });

  test('sees a wrong scale, which the cosine does not', () => {
    expect(relativeFrobenius([3, 4], [6, 8])).toBe(1);
    expect(cosine([3, 4], [6, 8])).toBe(1);
  });

  test('is null where the teacher is zero throughout', () => {
    expect(relativeFrobenius([0, 0], [1, 2])).toBeNull();
    expect(relativeFrobenius([0, 0], [0, 0])).toBeNull();
    expect(explainRelativeFrobenius([0, 0], [3, 4]).terms[0]?.value).toBeCloseTo(5, 14);
  });
});
