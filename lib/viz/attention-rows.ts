/**
 * Rows of a layer's attention as panels show them: by token of the picture, whatever the layer's windows and grid.
 *
 * A selection's query counts the tokens of the first layer. A deeper stage of a Swin has a coarser grid: there the query is the token
 * that covers it.
 */
import {
  columnOfQuery,
  keyTokens,
  layoutKeys,
  layoutRows,
  rowOfToken,
  tokenBetween,
  type AttentionLayout,
} from '@/lib/math/attention-layout';
import type { PatchGeometry } from '@/lib/viz/patch-geometry';

export function geometryOf({ gridSide, classTokens }: AttentionLayout): PatchGeometry {
  return { rows: gridSide, columns: gridSide, classTokens };
}

/** The row in which that token of the layer stands. */
export function rowOf(layout: AttentionLayout, token: number): number {
  return rowOfToken(layout, Math.min(token, layoutRows(layout) - 1));
}

/** One row, laid out over all tokens; NaN for those that the row does not see. A view where it sees all. */
export function spreadRow(layout: AttentionLayout, row: number, values: Float32Array): Float32Array {
  if (layout.window === null) return values;
  const spread = new Float32Array(layoutRows(layout)).fill(NaN);
  for (const [key, token] of keyTokens(layout, row).entries()) spread[token] = values[key] ?? NaN;
  return spread;
}

/** Where in the row that token stands; `null` when the row does not see it. */
export function keyOfToken(layout: AttentionLayout, row: number, token: number): number | null {
  if (layout.window === null) return token < layoutKeys(layout) ? token : null;
  const key = keyTokens(layout, row).indexOf(token);
  return key < 0 ? null : key;
}

/** The column in which a row's own token stands. */
export const columnOf = columnOfQuery;

export { keyTokens, layoutKeys, layoutRows, tokenBetween };
