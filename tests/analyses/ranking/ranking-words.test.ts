import { RANKING_METRICS, type RankingGrid, type RankingStudy } from '@/analyses/ranking/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossSentence } from '@/analyses/ranking/loss-sentence';
import { tellingPair, withKey } from '@/analyses/ranking/pair-choice';
import { rankingMeans, type PositionMeans } from '@/analyses/ranking/ranking-means';
import { rankingSentence } from '@/analyses/ranking/ranking-sentence';
import {
  countSentence,
  keyName,
  pairSentence,
  relationIn,
  slopeKeys,
  type RowKeys,
} from '@/analyses/ranking/slope-keys';
import { geometryAt } from '@/components/analysis/trace-row';
import { pairOrder } from '@/lib/metrics/pair-order';
import { pairHinge } from '@/lib/metrics/ranking-hinge';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { FAMILY } from '@/tests/fashion-mnist';
import type { CellValue } from '@/lib/metrics/cell';

const KEYS: RowKeys = {
  tokens: Int32Array.from({ length: FAMILY.tokens }, (_, token) => token),
  geometry: geometryAt(DEFAULT_FAMILY, 0),
  query: 0,
};

const row = (...values: readonly number[]) => Float32Array.from(values);

function orderOf(teacher: Float32Array, student: Float32Array, k: number) {
  const order = pairOrder(teacher, student, k);
  if (order === null) throw new Error('no order');
  return order;
}

describe('the slopegraph’s keys', () => {
  // Tokens 0 (CLS) to 5; the student reverses tokens 2 and 3, and ties 1 with 4 and 5.
  const teacher = row(0, 9, 8, 7, 6, 5);
  const student = row(3, 1, 4, 5, 1, 1);
  const order = orderOf(teacher, student, 4);

  it('carry both places among all keys, and how many others share the value', () => {
    expect(
      slopeKeys(order, teacher, student, KEYS).map(({ id, left, right }) => [
        id,
        left.rank,
        right.rank,
        right.tiedWith,
      ]),
    ).toEqual([
      [1, 1, 5, 2],
      [2, 2, 2, 0],
      [3, 3, 1, 0],
      [4, 4, 5, 2],
    ]);
  });

  it('are counted by pairs: 2 of 6 keep their order', () => {
    expect(countSentence(order)).toBe('2 of 6 pairs keep their order, 3 are reversed, 1 is tied.');
    expect(countSentence(orderOf(teacher, teacher, 2))).toBe(
      '1 of 1 pair keeps its order, 0 are reversed, 0 are tied.',
    );
    expect(countSentence(orderOf(teacher, teacher, 1))).toBe('One key alone makes no pair.');
  });

  it('stand to one another the same in either direction', () => {
    const relation = relationIn(order);
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ] as const)
      expect(relation(a, b)).toBe(relation(b, a));
    expect(relation(0, 3)).toBe('tied');
    expect(relation(1, 2)).toBe('discordant');
    expect(relation(1, 3)).toBe('concordant');
  });

  it('are told as a pair, whichever is named first', () => {
    const [two, three] = [keyName(2, KEYS), keyName(3, KEYS)];
    const sentence = `The teacher puts (${two}) before (${three}); S puts (${three}) first: reversed.`;
    expect(pairSentence(order, [2, 3], 'S', KEYS)).toBe(sentence);
    expect(pairSentence(order, [3, 2], 'S', KEYS)).toBe(sentence);
    expect(pairSentence(order, [1, 4], 'S', KEYS)).toMatch(/same value: tied\.$/);
    expect(pairSentence(order, [1, 5], 'S', KEYS)).toBeNull();
  });

  it('have no order to keep where the teacher ties them', () => {
    const tied = orderOf(row(2, 2, 1), row(1, 2, 3), 2);
    expect(pairSentence(tied, [0, 1], 'S', KEYS)).toMatch(/^The teacher ties CLS and .*no order to keep\.$/);
  });
});

describe('the pair of the inspector', () => {
  it('starts with a reversed one, else a tied one, else the first', () => {
    const teacher = row(3, 2, 1);
    expect(tellingPair(orderOf(teacher, row(3, 1, 2), 3))).toEqual([1, 2]);
    expect(tellingPair(orderOf(teacher, row(3, 2, 2), 3))).toEqual([1, 2]);
    expect(tellingPair(orderOf(teacher, teacher, 3))).toEqual([0, 1]);
  });

  it('never becomes one key twice, and takes the key that is chosen', () => {
    const key = fc.integer({ min: 0, max: 49 });
    fc.assert(
      fc.property(key, key, key, fc.constantFrom('i' as const, 'j' as const), (i, j, next, place) => {
        fc.pre(i !== j);
        const pair = withKey([i, j], place, next);
        expect(pair[0]).not.toBe(pair[1]);
        expect(pair[place === 'i' ? 0 : 1]).toBe(next);
      }),
    );
  });
});

describe('the sentence of the loss', () => {
  const told = (teacher: Float32Array, student: Float32Array, margin = 0.5) =>
    lossSentence(pairHinge(teacher, student, [0, 1], margin), margin, 'S');

  it('says who is raised and who is lowered, by the teacher’s order', () => {
    expect(told(row(1, 2), row(3, 0))).toMatch(
      /puts j before i\. S has them the other way round, by 3: .* raises j and lowers i/,
    );
    expect(told(row(2, 1), row(0.25, 0))).toMatch(
      /S does so too, by 0\.25, which is less than the margin: .* raises i and lowers j/,
    );
    expect(told(row(2, 1), row(0, 0))).toMatch(/S gives both the same score: .* raises i/);
  });

  it('says that nothing is pulled beyond the margin, and where the teacher ties', () => {
    expect(told(row(2, 1), row(0.5, 0))).toMatch(/the loss is 0 and nothing is pulled/);
    expect(told(row(1, 1), row(5, 0))).toMatch(/^The teacher ties i and j.* 0\.5, and pulls at neither/);
    expect(told(row(2, 1), row(Number.NaN, 0))).toMatch(/^n\/a/);
  });
});

const cell = (value: number | null, definedRows: number): CellValue => ({ value, definedRows, totalRows: 50 });

function study(before: readonly (readonly CellValue[])[], after: readonly (readonly CellValue[])[]): RankingStudy {
  const grid = (cells: readonly (readonly CellValue[])[]) =>
    Object.fromEntries(RANKING_METRICS.map((metric) => [metric, cells])) as RankingGrid; // RANKING_METRICS has every key
  return {
    students: { baseline: { before: grid(before), after: grid(after) } },
    teacherTieShare: [[cell(0.1, 50), cell(0.3, 50)]],
  };
}

describe('the means', () => {
  const one = study([[cell(0.2, 50), cell(0.6, 50)]], [[cell(0.9, 10), cell(null, 0)]]);

  it('count every row where the metric is defined once, and say how many those are', () => {
    const [layer] = rankingMeans(one, 'tauB', { kind: 'layers' });
    expect(layer?.students.baseline?.before).toEqual({ value: expect.closeTo(0.4, 12), defined: 100, total: 100 });
    expect(layer?.students.baseline?.after).toEqual({ value: expect.closeTo(0.9, 12), defined: 10, total: 100 });
    expect(layer?.teacher).toBeNull();
  });

  it('go along the heads of a layer too, undefined where all rows are', () => {
    const heads = rankingMeans(one, 'tieShare', { kind: 'heads', layer: 0 });
    expect(heads.map(({ students }) => students.baseline?.after.value)).toEqual([expect.closeTo(0.9, 12), null]);
    expect(heads.map(({ teacher }) => teacher?.value)).toEqual([expect.closeTo(0.1, 12), expect.closeTo(0.3, 12)]);
    expect(rankingMeans(one, 'tauB', { kind: 'heads', layer: 7 })).toEqual([]);
  });
});

describe('the sentence of a layer', () => {
  const all = (value: number | null) => ({ value, defined: value === null ? 0 : 200, total: 200 });
  const means = (baseline: number | null, ranking: number | null, biVit: number | null): PositionMeans => ({
    students: {
      baseline: { before: all(baseline), after: { value: 0.1, defined: 9, total: 200 } },
      ranking: { before: all(ranking), after: all(0.2) },
      'bi-vit': { before: all(biVit), after: all(null) },
    },
    teacher: all(0.001),
  });
  const tell = (place: PositionMeans) => rankingSentence('tauB', 'layer 1', place, 8, FAMILY.tokens);

  it('follows the numbers up, down, and where they stay', () => {
    expect(tell(means(0.02, 0.51, 0.49))).toMatch(
      /about as often as chance.* alone lifts it to 0\.51; with both cures .* 0\.49\./,
    );
    expect(tell(means(0.8, 0.51, 0.49))).toMatch(/most of the time.* lowers it to 0\.51/);
    expect(tell(means(-0.3, -0.3, 0))).toMatch(/less often than chance.* leaves it at −0\.30/);
  });

  it('says n/a and over how many rows a mean is', () => {
    expect(tell(means(0.02, null, 0.5))).toMatch(/leaves it undefined in every row/);
    expect(tell(means(null, 0.5, 0.5))).toMatch(/every row is constant; .* brings it to 0\.50/);
    expect(tell(means(0, 0.5, 0.5))).toMatch(
      /it is 0\.10 for the baseline \(defined in 9 of 200 rows\) and undefined \(n\/a\) for Bi-ViT\.$/,
    );
  });

  it('names chance in its own terms for every metric', () => {
    const place = means(0.16, 0.3, 0.5);
    expect(rankingSentence('topKOverlap', 'layer 1', place, 8, FAMILY.tokens)).toContain(`(by chance: 16.0\u202f%)`);
    expect(rankingSentence('inversionRate', 'layer 1', place, 8, FAMILY.tokens)).toContain(`(by chance: 50.0\u202f%)`);
    expect(rankingSentence('tieShare', 'layer 1', place, 8, FAMILY.tokens)).toContain(`the teacher leaves 0.1\u202f%`);
    expect(rankingSentence('spearman', 'layer 1', place, 8, FAMILY.tokens)).toContain('loosely (ρ 0.16');
  });

  it('waits for the baseline and Bi-ViT', () => {
    expect(tell({ students: {}, teacher: null })).toBeNull();
  });
});
