/** Cells of the grids that panels show, [L][H], from what a trace holds of one head. */
import { averageDefined } from '@/lib/metrics/averaged';
import type { CellValue } from '@/engine/protocol';
import type { LayerTrace } from '@/models/trace';

/** The mean over the rows where a metric is defined. */
export function meanCell(values: Iterable<number | null>): CellValue {
  const { value, defined, total } = averageDefined(values);
  return { value, definedRows: defined, totalRows: total };
}

/** What the values are mixed by: the binarized attention, or the softmaxed one of a layer that leaves it real-valued. */
export function binarizedAttention({ attention, attentionBinary }: LayerTrace): Float32Array {
  return attentionBinary ?? attention; // [H, rows, keys]
}
