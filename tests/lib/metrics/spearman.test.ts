import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainSpearman, spearman } from '@/lib/metrics/spearman';
import { pairOf, permutedPairOf, tiedEntry } from './rows';

describe('spearman', () => {
  test('is exactly 1 for a row against itself and -1 against its reverse order, ties included', () => {
    fc.assert(
      fc.property(fc.array(tiedEntry, { minLength: 2, maxLength: 200 }), (row) => {
        fc.pre(new Set(row).size > 1);
        expect(spearman(row, row)).toBe(1);
        expect(
          spearman(
            row,
            row.map((value) => -value),
          ),
        ).toBe(-1);
      }),
    );
  });

  test('is symmetric, within [-1, 1], and blind to strictly increasing maps', () => {
    fc.assert(
      fc.property(pairOf(tiedEntry), ([t, s]) => {
        const rho = spearman(t, s);
        expect(spearman(s, t)).toBe(rho);
        expect(
          spearman(
            t.map((value) => Math.exp(value)),
            s,
          ),
        ).toBe(rho);
        if (rho !== null) expect(Math.abs(rho)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('does not depend on the order of the keys', () => {
    fc.assert(
      fc.property(permutedPairOf(tiedEntry), ([t, s, places]) => {
        const moved = (row: number[]) => places.map((place) => Number(row[place]));
        expect(spearman(moved(t), moved(s))).toBe(spearman(t, s)); // half-integers sum exactly in any order
      }),
    );
  });

  test('agrees with 1 - 6 sum d^2 / (n (n^2 - 1)) where nothing is tied', () => {
    // Differences of ranks: 1, -1, 1, -1, 0.
    expect(spearman([10, 20, 30, 40, 50], [2, 1, 4, 3, 5])).toBeCloseTo(1 - (6 * 4) / (5 * 24), 14);
  });

  test('is null for a constant row, a single key, and NaN', () => {
    expect(spearman([1, 2, 3], [7, 7, 7])).toBeNull();
    expect(spearman([1], [1])).toBeNull();
    expect(spearman([1, 2], [NaN, 2])).toBeNull();
  });

  test('explains itself with the sums over the ranks', () => {
    const { terms, result, latex } = explainSpearman([1, 2, 3], [1, 3, 2]);
    expect(terms.map(({ value }) => value)).toEqual([1, 2, 2]);
    expect(result).toBe(0.5);
    expect(latex).toBe('\\frac{1}{\\sqrt{2 \\cdot 2}} = 0.5');
  });
});
