/** How well each student keeps the order of the teacher's rows: types and plain data. */
import { defineAnalysis } from '@/engine/analysis';
import type { CellValue } from '@/lib/metrics/cell';
import type { MemberId } from '@/models/families/family';

export const RANKING_METRICS = ['tauB', 'spearman', 'tieShare', 'topKOverlap', 'inversionRate'] as const;
export type RankingMetric = (typeof RANKING_METRICS)[number];

export type RankingGrid = { readonly [Metric in RankingMetric]: readonly (readonly CellValue[])[] }; // [L][H]

export interface RankingStudy {
  /** Each student's rows against the teacher's scores: its scores, and its binarized attention. The tie share is the student's own. */
  readonly students: { readonly [id: MemberId]: { readonly before: RankingGrid; readonly after: RankingGrid } };
  /** Share of tied pairs among the teacher's own scores. */
  readonly teacherTieShare: readonly (readonly CellValue[])[]; // [L][H]
}

export const RANKING = defineAnalysis<{ readonly k: number }, RankingStudy>('ranking');
