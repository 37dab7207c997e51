/** Cells of the grids that panels show, [L][H], from what a trace holds of one head. */
import { averageDefined } from '@/lib/metrics/averaged';
import type { CellValue } from '@/lib/worker/protocol';
import type { LayerTrace } from '@/models/trace';

/** The mean over the rows where a metric is defined. */
export function meanCell(values: Iterable<number | null>): CellValue {
  const { value, defined, total } = averageDefined(values);
  return { value, definedRows: defined, totalRows: total };
}

/** @throws RangeError for a full-precision model */
export function binarizedAttention({ attentionBinary }: LayerTrace): Float32Array {
  if (attentionBinary === null) throw new RangeError('a full-precision model has no binarized attention');
  return attentionBinary; // [H, N, N]
}
