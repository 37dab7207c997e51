import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairOrder, type PairOrder } from '@/lib/metrics/pair-order';
import { bruteForcePairCounts } from './brute-force';
import { finiteEntry, pairOf, tiedEntry } from './rows';

function order(teacher: readonly number[], student: readonly number[], k: number): PairOrder {
  const found = pairOrder(teacher, student, k);
  if (found === null) throw new Error('the test needs a row with a top');
  return found;
}

/** Places from the top, ties sharing the mean of theirs, by counting. */
function ranksFromTop(row: readonly number[]): number[] {
  return row.map((x) => {
    const above = row.filter((y) => y > x).length;
    const equal = row.filter((y) => y === x).length;
    return above + (equal + 1) / 2;
  });
}

describe('pairOrder', () => {
  test.each([
    ['many ties', tiedEntry],
    ['hardly any ties', finiteEntry],
  ])('takes the teacher’s top and says of every pair what looking at it says: %s', (_, entry) => {
    fc.assert(
      fc.property(pairOf(entry, 2, 20), fc.integer({ min: 1, max: 20 }), ([t, s], k) => {
        fc.pre(k <= t.length && new Set(t).size > 1);
        const { keys, pairs, counts } = order(t, s, k);
        const top = keys.map(({ key }) => key);
        const at = (row: readonly number[]) => top.map((key) => Number(row[key]));

        expect(new Set(top).size).toBe(k);
        expect(at(t)).toEqual(t.toSorted((a, b) => b - a).slice(0, k));
        expect(keys.map(({ teacherRank }) => teacherRank)).toEqual(at(ranksFromTop(t)));
        expect(keys.map(({ studentRank }) => studentRank)).toEqual(at(ranksFromTop(s)));

        const { total, concordant, discordant } = bruteForcePairCounts(at(t), at(s));
        expect(counts).toEqual({ concordant, discordant, tied: total - concordant - discordant });
        expect(pairs).toHaveLength(total);
        for (const { first, second, relation } of pairs) {
          const agreement =
            Math.sign(Number(t[first]) - Number(t[second])) * Math.sign(Number(s[first]) - Number(s[second]));
          expect(relation).toBe(agreement > 0 ? 'concordant' : agreement < 0 ? 'discordant' : 'tied');
          expect(Number(t[first])).toBeGreaterThanOrEqual(Number(t[second]));
        }
        for (const { key, pairs: own } of keys) {
          for (const relation of ['concordant', 'discordant', 'tied'] as const) {
            const mine = pairs.filter((pair) => pair.first === key || pair.second === key);
            expect(own[relation]).toBe(mine.filter((pair) => pair.relation === relation).length);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('takes the smaller keys where the last place is tied, and says how many it left out', () => {
    const { keys, tiedOut } = order([1, 5, 1, 1, 0], [0, 0, 0, 0, 1], 2);
    expect(keys.map(({ key, teacherRank, studentRank }) => [key, teacherRank, studentRank])).toEqual([
      [1, 1, 3.5],
      [0, 3, 3.5],
    ]);
    expect(tiedOut).toBe(2);
    expect(order([3, 2, 1], [1, 2, 3], 2).tiedOut).toBe(0);
  });

  test('ties every pair with a student that orders nothing', () => {
    expect(order([1, 2, 3], [4, 4, 4], 3).counts).toEqual({ concordant: 0, discordant: 0, tied: 3 });
  });

  test('is null without a top: a constant teacher, too few keys, NaN', () => {
    expect(pairOrder([2, 2, 2], [1, 2, 3], 2)).toBeNull();
    expect(pairOrder([1, 2], [1, 2], 3)).toBeNull();
    expect(pairOrder([1, NaN, 2], [1, 2, 3], 2)).toBeNull();
    expect(pairOrder([1, 3, 2], [1, NaN, 3], 2)).toBeNull();
  });

  test('refuses rows of different lengths and a k that is no count', () => {
    expect(() => pairOrder([1, 2], [1, 2, 3], 1)).toThrow(RangeError);
    for (const k of [0, -1, 1.5]) expect(() => pairOrder([1, 2], [1, 2], k)).toThrow(RangeError);
  });
});
