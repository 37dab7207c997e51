import { patchOf, tokenAt, tokenCount, type PatchGeometry } from '@/lib/viz/patch-geometry';

/** What of a keyboard event decides where the focus goes. */
export interface MoveKey {
  readonly key: string;
  readonly ctrlKey: boolean;
}

export interface GridCell {
  readonly row: number;
  readonly column: number;
}

/**
 * Where a key leads in a grid of `columnsOf.length` rows, each of its own length: arrows by one, Home and End within the row, PageUp and
 * PageDown to the ends of the column, with Ctrl Home and End to the corners. A shorter row takes the focus at its last place.
 * `null` for a key that does not move; at an edge the place itself. Source: WAI-ARIA Authoring Practices, grid pattern.
 */
export function moveInRows(place: GridCell, { key, ctrlKey }: MoveKey, columnsOf: readonly number[]): GridCell | null {
  const { row, column } = place;
  const lastRow = columnsOf.length - 1;
  const lastColumn = (columnsOf[row] ?? 1) - 1;
  const inRow = (target: number): GridCell => ({
    row: target,
    column: Math.min(column, Math.max(0, (columnsOf[target] ?? 1) - 1)),
  });
  switch (key) {
    case 'ArrowLeft':
      return { row, column: Math.max(0, column - 1) };
    case 'ArrowRight':
      return { row, column: Math.min(lastColumn, column + 1) };
    case 'ArrowUp':
      return inRow(Math.max(0, row - 1));
    case 'ArrowDown':
      return inRow(Math.min(lastRow, row + 1));
    case 'Home':
      return ctrlKey ? { row: 0, column: 0 } : { row, column: 0 };
    case 'End':
      return ctrlKey
        ? { row: lastRow, column: Math.max(0, (columnsOf[lastRow] ?? 1) - 1) }
        : { row, column: lastColumn };
    case 'PageUp':
      return inRow(0);
    case 'PageDown':
      return inRow(lastRow);
    default:
      return null;
  }
}

/**
 * The same over the tokens of a picture: the rows of patches and, below them as it is drawn, a row of class tokens.
 * `null` for a key that does not move.
 */
export function moveToken(token: number, key: MoveKey, geometry: PatchGeometry): number | null {
  const { rows, columns, classTokens } = geometry;
  const columnsOf = [...Array.from({ length: rows }, () => columns), ...(classTokens > 0 ? [classTokens] : [])];
  const place = patchOf(token, geometry) ?? { row: rows, column: token };
  const target = moveInRows(place, key, columnsOf);
  if (target === null) return null;
  const moved = target.row === rows ? target.column : tokenAt(target, geometry);
  return Math.min(moved, tokenCount(geometry) - 1);
}
