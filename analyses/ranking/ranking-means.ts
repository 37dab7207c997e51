import type { MemberId } from '@/models/families/family';
import type { RankingMetric, RankingStudy } from '@/analyses/ranking/protocol';
import { poolAveraged, type Averaged } from '@/lib/metrics/averaged';
import type { CellValue } from '@/lib/metrics/cell';

/** A student's numbers for one layer or head: its scores, and its binarized attention. */
export interface StageMeans {
  readonly before: Averaged;
  readonly after: Averaged;
}

/** For one layer, or one head. */
export interface PositionMeans {
  readonly students: { readonly [id: MemberId]: StageMeans };
  /** Of the teacher's own scores; of the tie share only, else `null`: the teacher against itself says nothing. */
  readonly teacher: Averaged | null;
}

/** What a chart goes over: the layers, all heads of each pooled, or the heads of one layer. */
export type RankingAxis = { readonly kind: 'layers' } | { readonly kind: 'heads'; readonly layer: number };

/** One metric along the layers or along the heads of one; every row where it is defined counts once. */
export function rankingMeans(
  study: RankingStudy,
  metric: RankingMetric,
  places: RankingAxis,
): readonly PositionMeans[] {
  const along = (grid: readonly (readonly CellValue[])[]): readonly (readonly CellValue[])[] =>
    places.kind === 'layers' ? grid : (grid[places.layer] ?? []).map((cell) => [cell]);
  return along(study.teacherTieShare).map((teacher, index) => {
    const students = Object.entries(study.students).flatMap(([id, grids]) => {
      const [before, after] = [grids.before, grids.after].map((grid) => pooled(along(grid[metric])[index] ?? []));
      return before === undefined || after === undefined ? [] : [[id, { before, after }] as const];
    });
    return {
      students: Object.fromEntries(students),
      teacher: metric === 'tieShare' ? pooled(teacher) : null,
    };
  });
}

function pooled(cells: readonly CellValue[]): Averaged {
  return poolAveraged(
    cells.map(({ value, definedRows, totalRows }) => ({ value, defined: definedRows, total: totalRows })),
  );
}
