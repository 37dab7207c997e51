/** Cells of the grids that panels show, [L][H]. */
import { averageDefined } from '@/lib/metrics/averaged';

/** A mean over the rows of one head, where the metric is defined; `value` is null when it is defined nowhere. */
export interface CellValue {
  readonly value: number | null;
  readonly definedRows: number;
  readonly totalRows: number;
}

/** The mean over the rows where a metric is defined. */
export function meanCell(values: Iterable<number | null>): CellValue {
  const { value, defined, total } = averageDefined(values);
  return { value, definedRows: defined, totalRows: total };
}
