import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inversionRate } from '@/lib/metrics/inversion-rate';
import { explainKendallTauB, kendallTauB } from '@/lib/metrics/kendall-tau-b';
import { pairCounts } from '@/lib/metrics/pair-counts';
import { tieShare } from '@/lib/metrics/tie-share';
import { bruteForcePairCounts, bruteForceTauB } from './brute-force';
import { finiteEntry, pairOf, permutedPairOf, tiedEntry } from './rows';

describe('pairCounts', () => {
  test('equals looking at every pair, with many ties', () => {
    fc.assert(
      fc.property(pairOf(tiedEntry, 1, 60), ([t, s]) => {
        expect(pairCounts(t, s)).toEqual(bruteForcePairCounts(t, s));
      }),
      { numRuns: 400 },
    );
  });

  test('equals looking at every pair, with hardly any ties', () => {
    fc.assert(
      fc.property(pairOf(finiteEntry, 1, 60), ([t, s]) => {
        expect(pairCounts(t, s)).toEqual(bruteForcePairCounts(t, s));
      }),
      { numRuns: 200 },
    );
  });

  test('splits all pairs: n0 = C + D + n1 + n2 - n3', () => {
    fc.assert(
      fc.property(pairOf(tiedEntry), ([t, s]) => {
        const counts = bruteForcePairCounts(t, s);
        const { concordant, discordant, teacherTied, studentTied, bothTied } = counts;
        expect(concordant + discordant + teacherTied + studentTied - bothTied).toBe(counts.total);
      }),
    );
  });

  test('orders infinities and ties -0 with 0', () => {
    expect(pairCounts([-Infinity, -0, 0, Infinity], [1, 2, 3, 4])).toMatchObject({ concordant: 5, teacherTied: 1 });
    expect(pairCounts([Infinity, Infinity, 1], [1, 2, 3])).toMatchObject({ discordant: 2, teacherTied: 1 });
  });
});

describe('kendallTauB', () => {
  test('equals the definition by brute force under many ties', () => {
    fc.assert(
      fc.property(pairOf(tiedEntry, 1, 60), ([t, s]) => {
        const expected = bruteForceTauB(t, s);
        const actual = kendallTauB(t, s);
        if (expected === null) expect(actual).toBeNull();
        else expect(actual).toBeCloseTo(expected, 14);
      }),
      { numRuns: 400 },
    );
  });

  test('is exactly 1 for a row against itself and -1 against its reverse order', () => {
    fc.assert(
      fc.property(fc.array(tiedEntry, { minLength: 2, maxLength: 300 }), (row) => {
        fc.pre(new Set(row).size > 1);
        expect(kendallTauB(row, row)).toBe(1);
        expect(
          kendallTauB(
            row,
            row.map((value) => -value),
          ),
        ).toBe(-1);
      }),
    );
  });

  test('is symmetric and within [-1, 1]', () => {
    fc.assert(
      fc.property(pairOf(tiedEntry), ([t, s]) => {
        const tau = kendallTauB(t, s);
        expect(kendallTauB(s, t)).toBe(tau);
        if (tau !== null) expect(Math.abs(tau)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('does not change under a strictly increasing map of either row', () => {
    fc.assert(
      fc.property(pairOf(tiedEntry), ([t, s]) => {
        const bent = t.map((value) => Math.exp(value) - 7);
        const stretched = s.map((value) => value ** 3 * 0.1 + 2);
        expect(kendallTauB(bent, stretched)).toBe(kendallTauB(t, s));
      }),
    );
  });

  test('does not depend on the order of the keys', () => {
    fc.assert(
      fc.property(permutedPairOf(tiedEntry), ([t, s, places]) => {
        const moved = (row: number[]) => places.map((place) => Number(row[place]));
        expect(kendallTauB(moved(t), moved(s))).toBe(kendallTauB(t, s));
      }),
    );
  });

  test('is null, not 0, for a constant row on either side', () => {
    expect(kendallTauB([1, 2, 3], [5, 5, 5])).toBeNull();
    expect(kendallTauB([5, 5, 5], [1, 2, 3])).toBeNull();
    expect(kendallTauB([0, 0], [0, 0])).toBeNull();
  });

  test('is null for rows too short to hold a pair, and for NaN', () => {
    expect(kendallTauB([], [])).toBeNull();
    expect(kendallTauB([1], [2])).toBeNull();
    expect(kendallTauB([1, NaN, 3], [1, 2, 3])).toBeNull();
  });

  test('refuses rows of different lengths', () => {
    expect(() => kendallTauB([1, 2], [1, 2, 3])).toThrow(RangeError);
  });

  test('gives a binarized row its due where the plain tau would not', () => {
    // Every pair that the student orders at all it orders as the teacher: 6 of 15 pairs are tied, tau-a would be 0.6.
    const teacher = [1, 2, 3, 4, 5, 6];
    const student = [0, 0, 0, 1, 1, 1];
    expect(kendallTauB(teacher, student)).toBeCloseTo(9 / Math.sqrt(15 * 9), 14);
    expect(inversionRate(teacher, student)).toBe(0);
    expect(tieShare(student)).toBe(6 / 15);
  });

  test('explains itself with the counts of the very rows', () => {
    expect(explainKendallTauB([1, 2, 3, 4], [0, 1, 0, 1])).toEqual({
      latex: '\\frac{3 - 1}{\\sqrt{(6 - 0)(6 - 2)}} = 0.4082',
      terms: [
        { symbol: 'C', value: 3 },
        { symbol: 'D', value: 1 },
        { symbol: 'n_0', value: 6 },
        { symbol: 'n_1', value: 0 },
        { symbol: 'n_2', value: 2 },
      ],
      result: 2 / Math.sqrt(24),
    });
  });
});

describe('inversionRate', () => {
  test('is the discordant share of the pairs that both rows order', () => {
    fc.assert(
      fc.property(pairOf(tiedEntry), ([t, s]) => {
        const { concordant, discordant } = bruteForcePairCounts(t, s);
        const expected = concordant + discordant === 0 ? null : discordant / (concordant + discordant);
        expect(inversionRate(t, s)).toBe(expected);
      }),
    );
  });

  test('is null where the rows order no pair in common', () => {
    expect(inversionRate([1, 1, 2], [3, 4, 4])).toBe(0);
    expect(inversionRate([1, 1], [3, 4])).toBeNull();
    expect(inversionRate([2, 2, 2], [1, 2, 3])).toBeNull();
  });
});

describe('tieShare', () => {
  test('counts tied pairs as brute force does', () => {
    fc.assert(
      fc.property(fc.array(tiedEntry, { minLength: 2, maxLength: 50 }), (row) => {
        const { teacherTied, total } = bruteForcePairCounts(row, row);
        expect(tieShare(row)).toBe(teacherTied / total);
      }),
    );
  });

  test('is 1 for a constant row, 0 without ties, null for a single entry or NaN', () => {
    expect(tieShare([3, 3, 3])).toBe(1);
    expect(tieShare([1, 2, 3])).toBe(0);
    expect(tieShare([1])).toBeNull();
    expect(tieShare([1, NaN])).toBeNull();
  });
});
