/**
 * What panels cut out of a trace: views, never copies. Every model here has the family's shape, so one geometry serves all.
 */
import type { Selection } from '@/lib/store/selection-types';
import type { PatchGeometry } from '@/lib/viz/patch-geometry';
import { FAMILY, type Trace } from '@/lib/worker/protocol';

export const GEOMETRY: PatchGeometry = {
  rows: FAMILY.gridSide,
  columns: FAMILY.gridSide,
  classTokens: FAMILY.tokens - FAMILY.gridSide ** 2,
};

/** Which of a model's two maps; full precision has only the softmaxed one. */
export type MapKind = Selection['map'];

/** One row of one head's map. */
export type RowPlace = Pick<Selection, 'layer' | 'head' | 'query'>;

type Row = Float32Array;
type Stage = 'scores' | 'attention' | 'attentionBinary' | 'gradScores' | 'gradAttention';

/** One head's whole matrix of a stage; `null` where the model does not have that stage (or not that layer). */
export function headMatrix(trace: Trace, { layer, head }: Pick<RowPlace, 'layer' | 'head'>, stage: Stage): Row | null {
  const values = trace.layers[layer]?.[stage] ?? null; // [H, N, N]
  if (values === null) return null;
  return headOf(values, head, values.length / trace.numTokens ** 2); // [N, N]
}

/** One head of something that holds them one after the other; a view. */
export function headOf(values: Row, head: number, heads: number): Row {
  const size = values.length / heads;
  return values.subarray(head * size, (head + 1) * size);
}

/** What one query gets at a stage. */
export function stageRow(trace: Trace, { layer, head, query }: RowPlace, stage: Stage): Row | null {
  const values = trace.layers[layer]?.[stage] ?? null; // [H, N, N]
  if (values === null) return null;
  const start = (head * trace.numTokens + query) * trace.numTokens;
  return values.subarray(start, start + trace.numTokens); // [N]
}

/** Where the query looks, after the softmax or after the attention binarizer. */
export function attentionRow(trace: Trace, place: RowPlace, kind: MapKind): Row | null {
  return stageRow(trace, place, kind === 'binarized' ? 'attentionBinary' : 'attention');
}

/** student − teacher, key by key. */
export function rowDifference(student: Row, teacher: Row): Row {
  return student.map((value, key) => value - (teacher[key] ?? Number.NaN));
}

/** `CLS`, or `patch (3, 4)`: row and column counted from 1. */
export function tokenLabel(token: number): string {
  const patch = token - GEOMETRY.classTokens;
  if (patch < 0) return 'CLS';
  return `patch (${Math.floor(patch / GEOMETRY.columns) + 1}, ${(patch % GEOMETRY.columns) + 1})`;
}

/** `layer 3, head 2, query patch (3, 4)`. */
export function placeLabel({ layer, head, query }: RowPlace): string {
  return `layer ${layer + 1}, head ${head + 1}, query ${tokenLabel(query)}`;
}
