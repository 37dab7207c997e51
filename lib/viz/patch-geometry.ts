/**
 * Where a token lies: class tokens first, outside the grid, then the patches in reading order.
 */
export interface PatchGeometry {
  readonly rows: number;
  readonly columns: number;
  /** 1 for CLS alone, 2 for CLS and the distillation token. */
  readonly classTokens: number;
}

/** 0-based. */
export interface PatchPosition {
  readonly row: number;
  readonly column: number;
}

/**
 * The geometry of a square grid of patches: tokens = classTokens + side².
 * Throws RangeError where what is left after the class tokens is no square.
 */
export function squareGeometry(tokens: number, classTokens: number): PatchGeometry {
  const side = Math.sqrt(tokens - classTokens);
  if (!Number.isInteger(side) || side < 1) {
    throw new RangeError(`${tokens} tokens without ${classTokens} class tokens are no square grid of patches`);
  }
  return { rows: side, columns: side, classTokens };
}

/** Patches beyond which a cell of the document for each is too many. */
const MANY_PATCHES = 100;

export function isLarge({ rows, columns }: Pick<PatchGeometry, 'rows' | 'columns'>): boolean {
  return rows * columns > MANY_PATCHES;
}

export function tokenCount({ rows, columns, classTokens }: PatchGeometry): number {
  return classTokens + rows * columns;
}

/** `null` for a class token, which lies nowhere in the picture. Throws RangeError outside 0..tokens-1. */
export function patchOf(token: number, geometry: PatchGeometry): PatchPosition | null {
  if (!Number.isInteger(token) || token < 0 || token >= tokenCount(geometry)) {
    throw new RangeError(`token ${token} of ${tokenCount(geometry)}`);
  }
  const index = token - geometry.classTokens;
  if (index < 0) return null;
  return { row: Math.floor(index / geometry.columns), column: index % geometry.columns };
}

export function tokenAt({ row, column }: PatchPosition, geometry: PatchGeometry): number {
  return geometry.classTokens + row * geometry.columns + column;
}

/** `CLS`, `DIST`, or `row 3, column 4` counted from 1, as people count. */
export function tokenName(token: number, geometry: PatchGeometry): string {
  const position = patchOf(token, geometry);
  if (position !== null) return `row ${position.row + 1}, column ${position.column + 1}`;
  return token === 0 ? 'CLS' : 'DIST';
}

/** The same for a sentence: `class token CLS`, `patch row 3, column 4`. */
export function spokenToken(token: number, geometry: PatchGeometry): string {
  const name = tokenName(token, geometry);
  return patchOf(token, geometry) === null ? `class token ${name}` : `patch ${name}`;
}
