'use client';

import { memo, useId, useMemo, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useAnnounceAtRest } from '@/components/charts/announce';
import { gridBox } from '@/components/charts/grid-box';
import { PixelCanvas } from '@/components/charts/pixel-canvas';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import type { ColorScale } from '@/lib/viz/color-scale';
import { formatNumber } from '@/lib/viz/format';
import { moveInRows, type GridCell } from '@/lib/viz/grid-moves';
import { paintMatrix } from '@/lib/viz/paint';
import chart from './chart.module.css';
import classes from './matrix-map.module.css';

export interface MatrixMapProps {
  readonly label: string;
  /** Row-major. */
  readonly values: ArrayLike<number>; // [N, N]
  /** What each row and each column is. */
  readonly keys: readonly string[]; // [N]
  readonly scale: ColorScale;
  /** What one value is: `J`. */
  readonly symbol: string;
  /** Left of the table toggle. */
  readonly header?: ReactNode;
}

/**
 * A square matrix on a canvas, too large for an element per cell: one tab stop, arrows read entry by entry, Home, End, PageUp and PageDown
 * move to the edges. The focus stays on the grid; only its active entry has an element.
 */
export const MatrixMap = memo(function MatrixMap(props: MatrixMapProps): ReactNode {
  const { label, values, keys, scale, symbol, header } = props;
  const size = keys.length;
  const id = useId();
  const [pointed, setPointed] = useState<GridCell | null>(null);
  const [cursor, setCursor] = useState<GridCell>({ row: 0, column: 0 });
  const [focused, setFocused] = useState(false);
  const announceAtRest = useAnnounceAtRest();
  const pixels = useMemo(() => paintMatrix(values, size, size, scale), [values, size, scale]);

  const speak = ({ row, column }: GridCell) =>
    `row ${keys[row] ?? ''}, column ${keys[column] ?? ''}: ${formatNumber(values[row * size + column])}`;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.metaKey) return;
    const moved = moveInRows(
      cursor,
      event,
      Array.from({ length: size }, () => size),
    );
    if (moved === null) return;
    event.preventDefault();
    setCursor(moved);
  };
  const cellOf = (event: PointerEvent<HTMLElement>): GridCell => {
    const box = event.currentTarget.getBoundingClientRect();
    const index = (offset: number, length: number) =>
      Math.min(size - 1, Math.max(0, Math.floor((offset / Math.max(1, length)) * size)));
    return { row: index(event.clientY - box.top, box.height), column: index(event.clientX - box.left, box.width) };
  };
  const read = pointed ?? (focused ? cursor : null);
  const table = (): ChartTable => ({
    caption: label,
    columns: [symbol, ...keys],
    rows: keys.map((name, row) => [name, ...keys.map((_, column) => formatNumber(values[row * size + column], 2))]),
  });

  return (
    <ViewAsTable table={table} header={header}>
      <div
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={size}
        aria-colcount={size}
        aria-activedescendant={`${id}-${cursor.row}-${cursor.column}`}
        className={classes.grid}
        onKeyDown={onKeyDown}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onPointerMove={(event) => {
          const cell = cellOf(event);
          if (pointed?.row === cell.row && pointed.column === cell.column) return;
          setPointed(cell);
          if (event.pointerType !== 'touch') announceAtRest(speak(cell));
        }}
        onPointerDown={(event) => setCursor(cellOf(event))}
        onPointerLeave={() => {
          setPointed(null);
          announceAtRest('');
        }}
      >
        <PixelCanvas pixels={pixels} alt={null} />
        <div role="row" aria-rowindex={cursor.row + 1}>
          <div
            key={`${cursor.row}-${cursor.column}`}
            id={`${id}-${cursor.row}-${cursor.column}`}
            role="gridcell"
            aria-colindex={cursor.column + 1}
            aria-label={speak(cursor)}
          />
        </div>
        {read !== null && (
          <div aria-hidden="true" className={classes.cursor} style={gridBox(read, { rows: size, columns: size })} />
        )}
      </div>
      <p className={`${chart.readout} ${classes.readout}`} aria-hidden="true">
        {read === null ? (
          'point at an entry, or tab to the map and use the arrow keys'
        ) : (
          <>
            {keys[read.row]} by {keys[read.column]}:{' '}
            <strong>{formatNumber(values[read.row * size + read.column])}</strong>
          </>
        )}
      </p>
    </ViewAsTable>
  );
});
