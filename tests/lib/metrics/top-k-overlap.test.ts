import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainTopKOverlap, topKOverlap } from '@/lib/metrics/top-k-overlap';
import { bruteForceExpectedOverlap } from './brute-force';
import { finiteEntry, pairOf, permutedPairOf, tiedEntry } from './rows';

const distinctPermutation = (size: number) =>
  fc.shuffledSubarray(
    Array.from({ length: size }, (_, i) => i),
    { minLength: size, maxLength: size },
  );

describe('topKOverlap', () => {
  test('counts common keys where nothing is tied', () => {
    expect(topKOverlap([5, 4, 3, 2, 1], [5, 1, 4, 2, 3], 2)).toBe(0.5);
    expect(topKOverlap([5, 4, 3, 2, 1], [1, 2, 3, 4, 5], 2)).toBe(0);
    expect(topKOverlap([5, 4, 3, 2, 1], [4, 5, 3, 1, 2], 2)).toBe(1);
  });

  test('equals the mean over all ways to break the ties of one tied row', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 2, max: 7 })
          .chain((size) =>
            fc.tuple(
              distinctPermutation(size),
              fc.array(tiedEntry, { minLength: size, maxLength: size }),
              fc.integer({ min: 1, max: size }),
            ),
          ),
        ([teacher, student, k]) => {
          fc.pre(new Set(student).size > 1);
          expect(topKOverlap(teacher, student, k)).toBeCloseTo(bruteForceExpectedOverlap(teacher, student, k), 12);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('is never below the mean over random breaking where both rows are tied', () => {
    fc.assert(
      fc.property(pairOf(tiedEntry, 2, 6), fc.integer({ min: 1, max: 3 }), ([t, s], k) => {
        const overlap = topKOverlap(t, s, k);
        fc.pre(overlap !== null);
        expect(overlap).toBeGreaterThanOrEqual(bruteForceExpectedOverlap(t, s, k) - 1e-12);
      }),
    );
  });

  test('is exactly 1 for a row against itself, however its ties divide', () => {
    fc.assert(
      fc.property(fc.array(tiedEntry, { minLength: 2, maxLength: 80 }), fc.integer({ min: 1, max: 80 }), (row, k) => {
        fc.pre(new Set(row).size > 1 && k <= row.length);
        expect(topKOverlap(row, row, k)).toBe(1);
      }),
      { numRuns: 400 },
    );
  });

  test('does not reward a binarized row for where its ones stand', () => {
    const teacher = [9, 8, 7, 1, 2, 3, 4, 5];
    // Four keys share three places: each counts 3/4, and three of the four are the teacher's.
    expect(topKOverlap(teacher, [1, 1, 1, 1, 0, 0, 0, 0], 3)).toBe(0.75);
    expect(topKOverlap([...teacher].reverse(), [0, 0, 0, 0, 1, 1, 1, 1], 3)).toBe(0.75);
  });

  test('is symmetric, within [0, 1] and blind to strictly increasing maps', () => {
    fc.assert(
      fc.property(pairOf(tiedEntry, 3), fc.integer({ min: 1, max: 3 }), ([t, s], k) => {
        const overlap = topKOverlap(t, s, k);
        if (overlap === null) {
          expect(topKOverlap(s, t, k)).toBeNull();
          return;
        }
        expect(topKOverlap(s, t, k)).toBeCloseTo(overlap, 14);
        expect(
          topKOverlap(
            t.map((value) => value ** 3 - 5),
            s,
            k,
          ),
        ).toBe(overlap);
        expect(overlap).toBeGreaterThanOrEqual(0);
        expect(overlap).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('does not depend on the order of the keys', () => {
    fc.assert(
      fc.property(permutedPairOf(tiedEntry), ([t, s, places]) => {
        const moved = (row: number[]) => places.map((place) => Number(row[place]));
        expect(topKOverlap(moved(t), moved(s), 2)).toBe(topKOverlap(t, s, 2));
      }),
    );
  });

  test('is at least what the pigeonhole principle leaves: (2k - N) / k', () => {
    fc.assert(
      fc.property(pairOf(finiteEntry, 2, 20), fc.integer({ min: 1, max: 20 }), ([t, s], k) => {
        fc.pre(k <= t.length);
        const overlap = topKOverlap(t, s, k);
        if (overlap !== null) expect(overlap).toBeGreaterThanOrEqual((2 * k - t.length) / k - 1e-12);
      }),
    );
  });

  test('is null for a constant row, for NaN, and for k beyond the row', () => {
    expect(topKOverlap([1, 2, 3], [1, 1, 1], 1)).toBeNull();
    expect(topKOverlap([0, 0, 0], [1, 2, 3], 1)).toBeNull();
    expect(topKOverlap([1, NaN, 3], [1, 2, 3], 1)).toBeNull();
    expect(topKOverlap([1, 2, 3], [1, 2, 3], 4)).toBeNull();
    expect(topKOverlap([], [], 1)).toBeNull();
  });

  test('refuses a k that is no positive whole number', () => {
    for (const k of [0, -1, 1.5, NaN]) expect(() => topKOverlap([1, 2], [1, 2], k)).toThrow(RangeError);
  });

  test('explains itself with the shared places and the ties at the cut', () => {
    const explanation = explainTopKOverlap([9, 8, 7, 1], [1, 1, 0, 1], 2);
    expect(explanation.terms.map(({ value }) => value)).toEqual([4 / 3, 2, 1, 3]);
    expect(explanation.result).toBeCloseTo(2 / 3, 14);
  });
});
