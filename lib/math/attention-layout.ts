/**
 * Which tokens the rows and columns of a layer's attention are, for whole maps and for windows alike.
 *
 * Tokens are numbered class tokens first, then the grid row by row. A map of all tokens has them as rows and as columns. With windows a
 * map is [windows * n, n]: rows stand window by window, and the columns of a row are the n tokens of its own window.
 *
 * Source: windows and their shift as in Liu et al., Swin Transformer, arXiv 2103.14030.
 */

/** Which tokens the rows (queries) and columns (keys) of a layer's attention are. */
export interface AttentionLayout {
  /** In front of the grid; 0 where there are windows. */
  readonly classTokens: number;
  /** Tokens on a side of the square grid. */
  readonly gridSide: number;
  /** Side of a square window and how far all are moved right and down, in tokens; `null`: every token sees all. */
  readonly window: { readonly size: number; readonly shift: number } | null;
}

/** Queries: every token is one. */
export function layoutRows({ classTokens, gridSide }: AttentionLayout): number {
  return classTokens + gridSide ** 2;
}

/** Columns of a row: all tokens, or those of one window. */
export function layoutKeys(layout: AttentionLayout): number {
  return layout.window === null ? layoutRows(layout) : layout.window.size ** 2;
}

/** @throws RangeError when there is no such token */
export function rowOfToken(layout: AttentionLayout, token: number): number {
  requireBelow(layoutRows(layout), token, 'token');
  const { gridSide, window } = layout;
  if (window === null) return token;
  const { size, shift } = window;
  // Shifted, the grid begins at (shift, shift): the tokens before that stand at its end.
  const y = (Math.floor(token / gridSide) - shift + gridSide) % gridSide;
  const x = ((token % gridSide) - shift + gridSide) % gridSide;
  const across = gridSide / size;
  const place = Math.floor(y / size) * across + Math.floor(x / size);
  return place * size ** 2 + (y % size) * size + (x % size);
}

/** @throws RangeError when there is no such row */
export function tokenOfRow(layout: AttentionLayout, row: number): number {
  requireBelow(layoutRows(layout), row, 'row');
  const { gridSide, window } = layout;
  if (window === null) return row;
  const { size, shift } = window;
  const across = gridSide / size;
  const place = Math.floor(row / size ** 2);
  const inside = row % size ** 2;
  const y = Math.floor(place / across) * size + Math.floor(inside / size) + shift;
  const x = (place % across) * size + (inside % size) + shift;
  return (y % gridSide) * gridSide + (x % gridSide);
}

/** The tokens that the columns of this row are. @returns [keys] @throws RangeError when there is no such row */
export function keyTokens(layout: AttentionLayout, row: number): Int32Array {
  const keys = layoutKeys(layout);
  const first = row - columnOfQuery(layout, row);
  return Int32Array.from({ length: keys }, (_, column) => tokenOfRow(layout, first + column));
}

/** The column in which the row's own token stands: the diagonal. @throws RangeError when there is no such row */
export function columnOfQuery(layout: AttentionLayout, row: number): number {
  requireBelow(layoutRows(layout), row, 'row');
  return row % layoutKeys(layout);
}

/** The token of each row: [rows]. */
export function tokensOfRows(layout: AttentionLayout): Int32Array {
  return Int32Array.from({ length: layoutRows(layout) }, (_, row) => tokenOfRow(layout, row));
}

/** From a token of one layer's grid to the one in another's that covers it, or that it covers first. */
export function tokenBetween(from: AttentionLayout, to: AttentionLayout, token: number): number {
  const patch = token - from.classTokens;
  if (patch < 0 || from.gridSide === to.gridSide) return token;
  const scale = to.gridSide / from.gridSide;
  const y = Math.floor(Math.floor(patch / from.gridSide) * scale);
  const x = Math.floor((patch % from.gridSide) * scale);
  return to.classTokens + y * to.gridSide + x;
}

function requireBelow(end: number, value: number, what: string): void {
  if (Number.isInteger(value) && value >= 0 && value < end) return;
  throw new RangeError(`The layer has ${end} tokens; there is no ${what} ${value} among them.`);
}
