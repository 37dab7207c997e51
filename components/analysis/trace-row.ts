/** What panels cut out of a trace: views, never copies, by the query that the selection names. */
import type { Selection } from '@/state/selection-types';
import { layerAt } from '@/models/architectures/layer-shape';
import type { ModelFamily } from '@/models/families/family';
import {
  columnOf,
  geometryOf,
  keyOfToken,
  keyTokens,
  layoutKeys,
  rowOf,
  spreadRow,
  tokenBetween,
} from '@/lib/viz/attention-rows';
import type { PatchGeometry } from '@/lib/viz/patch-geometry';
import type { Trace } from '@/engine/protocol';

/** Which of a model's two maps; full precision has only the softmaxed one. */
export type MapKind = Selection['map'];

/** One row of one head's map. The query counts the first layer's tokens. */
export type RowPlace = Pick<Selection, 'layer' | 'head' | 'query'>;

type Row = Float32Array;
type Stage = 'scores' | 'attention' | 'attentionBinary' | 'gradScores' | 'gradAttention';

/** The grid of tokens of that layer. */
export function geometryAt(family: ModelFamily, layer: number): PatchGeometry {
  return geometryOf(layerAt(family.layers, layer).layout);
}

/** The query as a token of that layer, and the way back. */
export function queryToken(family: ModelFamily, { layer, query }: Pick<RowPlace, 'layer' | 'query'>): number {
  return tokenBetween(layerAt(family.layers, 0).layout, layerAt(family.layers, layer).layout, query);
}

export function queryOfToken(family: ModelFamily, layer: number, token: number): number {
  return tokenBetween(layerAt(family.layers, layer).layout, layerAt(family.layers, 0).layout, token);
}

/** How many keys a row of that layer has. */
export function rowLength(family: ModelFamily, layer: number): number {
  return layoutKeys(layerAt(family.layers, layer).layout);
}

/** One head's whole matrix of a stage, [rows, keys]; `null` where the model does not have that stage (or not that layer). */
export function headMatrix(trace: Trace, { layer, head }: Pick<RowPlace, 'layer' | 'head'>, stage: Stage): Row | null {
  const found = trace.layers[layer];
  const values = found?.[stage] ?? null; // [H, rows, keys]
  if (found === undefined || values === null) return null;
  return headOf(values, head, found.heads);
}

/** One head of something that holds them one after the other; a view. */
export function headOf(values: Row, head: number, heads: number): Row {
  const size = values.length / heads;
  return values.subarray(head * size, (head + 1) * size);
}

/** The row in which the query stands in that layer; `null` for a layer that the trace does not have. */
export function rowIndex(trace: Trace, { layer, query }: Pick<RowPlace, 'layer' | 'query'>): number | null {
  const [first] = trace.layers;
  const found = trace.layers[layer];
  if (first === undefined || found === undefined) return null;
  return rowOf(found.layout, tokenBetween(first.layout, found.layout, query));
}

/** What one query gets at a stage, one number for each key that it sees. */
export function stageRow(trace: Trace, place: RowPlace, stage: Stage): Row | null {
  const matrix = headMatrix(trace, place, stage);
  const row = rowIndex(trace, place);
  const found = trace.layers[place.layer];
  if (matrix === null || row === null || found === undefined) return null;
  const keys = layoutKeys(found.layout);
  return matrix.subarray(row * keys, (row + 1) * keys); // [keys]
}

/** Where the query looks, after the softmax or after the attention binarizer. */
export function attentionRow(trace: Trace, place: RowPlace, kind: MapKind): Row | null {
  return stageRow(trace, place, kind === 'binarized' ? 'attentionBinary' : 'attention');
}

/** A row over all tokens of the layer, NaN outside of the query's window. */
export function overTokens(trace: Trace, place: RowPlace, values: Row | null): Row | null {
  const row = rowIndex(trace, place);
  const found = trace.layers[place.layer];
  return values === null || row === null || found === undefined ? null : spreadRow(found.layout, row, values);
}

/** Which token each key of the query's row is, [keys]. */
export function rowKeys(trace: Trace, place: RowPlace): Int32Array | null {
  const row = rowIndex(trace, place);
  const found = trace.layers[place.layer];
  return row === null || found === undefined ? null : keyTokens(found.layout, row);
}

/** The key that a token is in the query's row; `null` outside of its window. */
export function keyOf(trace: Trace, place: RowPlace, token: number): number | null {
  const row = rowIndex(trace, place);
  const found = trace.layers[place.layer];
  return row === null || found === undefined ? null : keyOfToken(found.layout, row, token);
}

/** The column in which the query finds itself: the diagonal. */
export function ownColumn(trace: Trace, place: RowPlace): number | null {
  const row = rowIndex(trace, place);
  const found = trace.layers[place.layer];
  return row === null || found === undefined ? null : columnOf(found.layout, row);
}

/** student − teacher, key by key. */
export function rowDifference(student: Row, teacher: Row): Row {
  return student.map((value, key) => value - (teacher[key] ?? Number.NaN));
}

/** `CLS`, or `patch (3, 4)`: row and column counted from 1. */
export function tokenLabel(token: number, { classTokens, columns }: PatchGeometry): string {
  const patch = token - classTokens;
  if (patch < 0) return token === 0 ? 'CLS' : 'DIST';
  return `patch (${Math.floor(patch / columns) + 1}, ${(patch % columns) + 1})`;
}

/** `layer 3, head 2, query patch (3, 4)`. */
export function placeLabel(place: RowPlace, family: ModelFamily): string {
  const { layer, head } = place;
  const query = tokenLabel(queryToken(family, place), geometryAt(family, layer));
  return `layer ${layer + 1}, head ${head + 1}, query ${query}`;
}
