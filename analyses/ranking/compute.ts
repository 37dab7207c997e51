/** How well each student keeps the order of the teacher's rows, before and after its attention is binarized. */
import { register, type Compute } from '@/engine/compute';
import type { MemberId } from '@/models/families/family';
import { RANKING, RANKING_METRICS, type RankingGrid, type RankingMetric } from '@/analyses/ranking/protocol';
import { layoutKeys, layoutRows } from '@/lib/math/attention-layout';
import { averageRanks } from '@/lib/math/average-ranks';
import { inversionRateOfCounts } from '@/lib/metrics/inversion-rate';
import { tauBOfCounts } from '@/lib/metrics/kendall-tau-b';
import { pairCountsOfRanks } from '@/lib/metrics/pair-counts';
import { spearmanOfRanks } from '@/lib/metrics/spearman';
import { tieShare } from '@/lib/metrics/tie-share';
import { topKOverlap } from '@/lib/metrics/top-k-overlap';
import type { Trace } from '@/engine/protocol';
import type { CellValue } from '@/lib/metrics/cell';
import type { LayerTrace } from '@/models/trace';
import { binarizedAttention } from '@/models/trace';
import { meanCell } from '@/lib/metrics/cell';
import { FORWARD_ONLY } from '@/engine/explore';

type HeadRanking = { readonly [Metric in RankingMetric]: CellValue };

/** A row of the teacher's, ranked once for all the students. */
interface RankedRow {
  readonly scores: Float32Array; // [N]
  /** `null` when the row has no order. */
  readonly ranks: Float64Array | null; // [N]
}

interface RankedHead {
  readonly rows: readonly RankedRow[]; // [N]
  readonly tieShare: CellValue;
}

/**
 * Rows of scores before the softmax are compared: the softmax keeps their order, but in float32 it ties what underflows.
 * O(layers heads N^2 log N) for each student.
 */
export const analyzeRanking: Compute<typeof RANKING> = async (
  { k },
  { modelIds, studentIds: present, trace, step },
) => {
  if (!modelIds.includes('teacher') || present.length === 0) return { students: {}, teacherTieShare: [] };

  const total = present.length + 1;
  const report = (what: string, done: number) => step({ what, done, total, partial: null });
  await report('ranking of teacher', 0);
  const teacher: (readonly RankedHead[])[] = []; // [L][H]
  for (const layer of (await trace('teacher', FORWARD_ONLY)).layers) {
    await report('ranking of teacher', 0);
    teacher.push(rankTeacher(layer));
  }
  const students: { [id: MemberId]: { before: RankingGrid; after: RankingGrid } } = {};
  for (const [index, id] of present.entries()) {
    await report(`ranking of ${id}`, index + 1);
    const student = await trace(id, FORWARD_ONLY);
    requireSameShape(teacher, student);
    const before: (readonly HeadRanking[])[] = [];
    const after: (readonly HeadRanking[])[] = [];
    for (const [layer, ofTeacher] of teacher.entries()) {
      await report(`ranking of ${id}`, index + 1);
      const ofStudent = student.layers[layer];
      if (ofStudent === undefined) throw new RangeError(`no layer ${layer}`);
      before.push(rankHeads(ofTeacher, ofStudent.scores, k));
      after.push(rankHeads(ofTeacher, binarizedAttention(ofStudent), k));
    }
    students[id] = { before: gridOf(before), after: gridOf(after) };
  }
  return { students, teacherTieShare: teacher.map((heads) => heads.map(({ tieShare }) => tieShare)) };
};

export const rankingCompute = register(RANKING, analyzeRanking);

function rankTeacher({ scores, heads, layout }: LayerTrace): readonly RankedHead[] {
  const keys = layoutKeys(layout);
  return Array.from({ length: heads }, (_, head) => {
    const rows = rowsOf(scores, head, layoutRows(layout), keys).map((row) => ({
      scores: row,
      ranks: averageRanks(row),
    }));
    return { rows, tieShare: meanCell(rows.map((row) => tieShare(row.scores))) };
  });
}

/** @param student [H, rows, keys] */
function rankHeads(teacher: readonly RankedHead[], student: Float32Array, k: number): readonly HeadRanking[] {
  return teacher.map(({ rows }, head) => {
    const keys = student.length / teacher.length / rows.length;
    const pairs = rowsOf(student, head, rows.length, keys).flatMap((ofStudent, query) => {
      const ofTeacher = rows[query];
      return ofTeacher === undefined ? [] : [rankRow(ofTeacher, ofStudent, k)];
    });
    return {
      tauB: meanCell(pairs.map((row) => row.tauB)),
      spearman: meanCell(pairs.map((row) => row.spearman)),
      tieShare: meanCell(pairs.map((row) => row.tieShare)),
      topKOverlap: meanCell(pairs.map((row) => row.topKOverlap)),
      inversionRate: meanCell(pairs.map((row) => row.inversionRate)),
    };
  });
}

/** As `lib/metrics/registry` has them, but every row is ranked and its pairs are counted once. */
function rankRow(
  { scores: teacher, ranks: teacherRanks }: RankedRow,
  student: Float32Array,
  k: number,
): { readonly [Metric in RankingMetric]: number | null } {
  const ranks = averageRanks(student);
  const counts = teacherRanks === null || ranks === null ? null : pairCountsOfRanks(teacherRanks, ranks);
  return {
    tauB: counts === null ? null : tauBOfCounts(counts),
    spearman: teacherRanks === null || ranks === null ? null : spearmanOfRanks(teacherRanks, ranks),
    tieShare: tieShare(student),
    topKOverlap: topKOverlap(teacher, student, k),
    inversionRate: counts === null ? null : inversionRateOfCounts(counts),
  };
}

/** [H, rows, keys] -> one head's rows; views. */
function rowsOf(values: Float32Array, head: number, rows: number, keys: number): readonly Float32Array[] {
  return Array.from({ length: rows }, (_, row) => {
    const start = (head * rows + row) * keys;
    return values.subarray(start, start + keys);
  });
}

function gridOf(layers: readonly (readonly HeadRanking[])[]): RankingGrid {
  const grids = RANKING_METRICS.map((metric): [RankingMetric, readonly (readonly CellValue[])[]] => [
    metric,
    layers.map((heads) => heads.map((head) => head[metric])),
  ]);
  return Object.fromEntries(grids) as RankingGrid; // RANKING_METRICS has every key
}

function requireSameShape(teacher: readonly (readonly RankedHead[])[], student: Trace): void {
  const isAlike =
    teacher.length === student.layers.length &&
    teacher.every((heads, layer) => {
      const [head] = heads;
      const values = heads.length * (head?.rows.length ?? 0) * (head?.rows[0]?.scores.length ?? 0);
      return student.layers[layer]?.scores.length === values;
    });
  if (!isAlike) throw new RangeError('a student of another shape than its teacher cannot be ranked against it');
}
