import type { CSSProperties } from 'react';
import type { GridCell } from '@/lib/viz/grid-moves';

/** A cell of a grid in percent of the grid, for absolute positioning. */
export function gridBox(cell: GridCell, grid: { readonly rows: number; readonly columns: number }): CSSProperties {
  return {
    left: `${(100 * cell.column) / grid.columns}%`,
    top: `${(100 * cell.row) / grid.rows}%`,
    width: `${100 / grid.columns}%`,
    height: `${100 / grid.rows}%`,
  };
}
