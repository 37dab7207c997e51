import type { MemberId } from '@/models/families/family';
import { RANKING_METRICS, type RankingGrid, type RankingMetric } from '@/analyses/ranking/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pairMetrics } from '@/lib/metrics/registry';
import { analyzeRanking } from '@/analyses/ranking/compute';
import { type Trace } from '@/engine/protocol';
import { STUDENT_IDS } from '@/tests/fashion-mnist';
import type { CellValue } from '@/lib/metrics/cell';
import { bruteForcePairCounts, bruteForceTauB } from '@/tests/lib/metrics/brute-force';
import {
  closeFamily,
  contextOf,
  imageOf,
  openSamples,
  startFamily,
  type Family,
} from '@/tests/analyses/family-context';

const TOKENS = 50;
const samples = openSamples();
let family: Family = new Map();

beforeAll(async () => {
  family = await startFamily();
});
afterAll(() => closeFamily(family));

function fail(): never {
  throw new Error('what the test needs is not there');
}

const context = (index: number, models: Family = family, steps: string[] = []) =>
  contextOf(models, imageOf(samples[index] ?? fail()), steps);

/** The rows of one head, as plain arrays. */
function rows(values: Float32Array | null, head: number): number[][] {
  return Array.from({ length: TOKENS }, (_, query) => {
    const start = (head * TOKENS + query) * TOKENS;
    return [...(values ?? fail()).subarray(start, start + TOKENS)];
  });
}

/** Pair by pair where that is short to write; the rest one row at a time, by metrics that SciPy vouches for. */
const DEFINITIONS: { readonly [Metric in RankingMetric]: (t: number[], s: number[], k: number) => number | null } = {
  tauB: bruteForceTauB,
  spearman: (t, s) => pairMetrics.spearman.evaluate(t, s, { query: 0, k: 1 }),
  tieShare: (_, s) => bruteForcePairCounts(s, s).teacherTied / ((TOKENS * (TOKENS - 1)) / 2),
  topKOverlap: (t, s, k) => pairMetrics.topKOverlap.evaluate(t, s, { query: 0, k }),
  inversionRate: (t, s) => {
    const { concordant, discordant } = bruteForcePairCounts(t, s);
    return concordant + discordant === 0 ? null : discordant / (concordant + discordant);
  },
};

function expectMean(cell: CellValue | undefined, values: readonly (number | null)[]): void {
  const defined = values.filter((value) => value !== null);
  expect(cell).toMatchObject({ definedRows: defined.length, totalRows: values.length });
  if (defined.length === 0) expect(cell?.value).toBeNull();
  else expect(cell?.value).toBeCloseTo(defined.reduce((a, b) => a + b, 0) / defined.length, 12);
}

describe('the ranking study', () => {
  it.each([
    [3, 5],
    [9, 1],
  ])('is what looking at every pair gives, before and after the binarizer: image %i, k %i', async (index, k) => {
    const { students, teacherTieShare } = await analyzeRanking({ k }, context(index));
    const traceOf = (id: MemberId) => context(index).trace(id, { gradients: false, lossClass: 'predicted' });
    const teacher = await traceOf('teacher');
    expect(Object.keys(students)).toEqual([...STUDENT_IDS]);
    for (const id of STUDENT_IDS) {
      const student = await traceOf(id);
      const { before, after } = students[id] ?? fail();
      expectGrid(before, teacher, student, 'scores', k);
      expectGrid(after, teacher, student, 'attentionBinary', k);
    }
    teacher.layers.forEach(({ scores }, layer) => {
      for (let head = 0; head < 4; head++) {
        const shares = rows(scores, head).map((row) => DEFINITIONS.tieShare(row, row, k));
        expectMean(teacherTieShare[layer]?.[head], shares);
      }
    });
  });

  function expectGrid(grid: RankingGrid, teacher: Trace, student: Trace, map: 'scores' | 'attentionBinary', k: number) {
    expect(Object.keys(grid)).toEqual([...RANKING_METRICS]);
    teacher.layers.forEach(({ scores }, layer) => {
      for (let head = 0; head < 4; head++) {
        const ofTeacher = rows(scores, head);
        const ofStudent = rows(student.layers[layer]?.[map] ?? null, head);
        for (const metric of RANKING_METRICS) {
          const values = ofTeacher.map((t, query) => DEFINITIONS[metric](t, ofStudent[query] ?? fail(), k));
          expectMean(grid[metric][layer]?.[head], values);
        }
      }
    });
  }

  it('leaves rows that the binarizer made constant undefined, and counts them out', async () => {
    const { students } = await analyzeRanking({ k: 5 }, context(9));
    const cells = STUDENT_IDS.flatMap((id) => students[id]?.after.tauB.flat() ?? fail());
    expect(cells.some(({ definedRows }) => definedRows < TOKENS)).toBe(true);
    for (const { value, definedRows } of cells) expect(value === null).toBe(definedRows === 0);
  });

  it('finds the student that was taught the order nearer to the teacher in the first layer', async () => {
    const { students } = await analyzeRanking({ k: 5 }, context(9));
    const mean = (grid: RankingGrid | undefined) =>
      (grid?.tauB[0] ?? fail()).reduce((sum, { value }) => sum + Number(value), 0) / 4;
    expect(mean(students['bi-vit']?.before)).toBeGreaterThan(mean(students.baseline?.before) + 0.2);
  });

  it('pauses between short pieces', async () => {
    const steps: string[] = [];
    await analyzeRanking({ k: 5 }, context(9, family, steps));
    expect(steps.length).toBeGreaterThan(STUDENT_IDS.length * 4);
  });

  it('has nothing to rank without the teacher or without a student', async () => {
    const [teacher, student] = [family.get('teacher') ?? fail(), family.get('bi-vit') ?? fail()];
    const nothing = { students: {}, teacherTieShare: [] };
    expect(await analyzeRanking({ k: 5 }, context(0, new Map([['teacher', teacher]])))).toEqual(nothing);
    expect(await analyzeRanking({ k: 5 }, context(0, new Map([['bi-vit', student]])))).toEqual(nothing);
  });

  it('refuses a student of another shape', async () => {
    const cut = (trace: Trace, id: MemberId): Trace =>
      id === 'teacher' ? trace : { ...trace, layers: trace.layers.slice(1) };
    const image = imageOf(samples[0] ?? fail());
    await expect(analyzeRanking({ k: 5 }, contextOf(family, image, [], cut))).rejects.toThrow(RangeError);
  });
});
