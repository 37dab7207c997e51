import type { CSSProperties, ReactNode, Ref } from 'react';
import { gridCellAt, selectorOfCell } from '@/components/charts/data-attributes';
import { useRovingFocus, type RovingFocusOptions } from '@/components/ui/use-roving-focus';
import type { ColorScale } from '@/lib/viz/color-scale';
import { textColorOn } from '@/lib/viz/contrast';
import { moveInRows, type GridCell } from '@/lib/viz/grid-moves';
import { cssColor, scaleColor } from '@/lib/viz/scale-color';
import classes from './matrix-grid.module.css';

export interface MatrixCell {
  readonly value: number | null;
  readonly text: ReactNode;
  /** Accessible name. */
  readonly name: string;
  readonly selected: boolean;
  /** Still being computed. */
  readonly pending?: boolean;
  /** For a cell that is not one of a column: `layer`, `all`. */
  readonly kind?: string;
  readonly columnSpan?: number;
}

export interface MatrixRow {
  readonly name: string;
  readonly cells: readonly MatrixCell[];
  /** Set apart from the row above. */
  readonly startsGroup?: boolean;
}

export interface MatrixGridProps {
  /** Accessible name. */
  readonly label: string;
  readonly columns: readonly string[];
  /** Each of its own length. */
  readonly rows: readonly MatrixRow[];
  readonly scale: ColorScale;
  readonly onSelect: (cell: GridCell) => void;
  readonly onActive?: NonNullable<RovingFocusOptions<GridCell>['onActive']>;
  readonly className?: string | undefined;
  readonly ref?: Ref<HTMLDivElement>;
}

/** Cells of a layer x head matrix in the colours of their values: one tab stop, arrows move, click, Enter or Space selects. */
export function MatrixGrid(props: MatrixGridProps): ReactNode {
  const { label, columns, rows, scale, onSelect, onActive, className = '', ref } = props;
  const lengths = rows.map(({ cells }) => cells.length);
  const { focused, handlers } = useRovingFocus<GridCell>({
    itemAt: gridCellAt,
    selectorOf: selectorOfCell,
    move: (cell, event) => moveInRows(cell, event, lengths),
    onSelect,
    ...(onActive === undefined ? {} : { onActive }),
  });
  const [selected] = rows.flatMap(({ cells }, row) =>
    cells.flatMap((cell, column) => (cell.selected ? [{ row, column }] : [])),
  );
  const tabStop = focused ?? selected ?? { row: 0, column: 0 };
  return (
    <div
      ref={ref}
      role="grid"
      aria-label={label}
      className={`${classes.grid} ${className}`}
      style={{ ['--columns' as string]: columns.length }}
      {...handlers}
    >
      <div role="row" className={classes.row}>
        <span role="columnheader">
          <span className="lens-visually-hidden">layer</span>
        </span>
        {columns.map((name) => (
          <span key={name} role="columnheader" className={classes.header}>
            {name}
          </span>
        ))}
      </div>
      {rows.map(({ name: rowName, cells, startsGroup = false }, row) => (
        <div key={rowName} role="row" className={classes.row} data-starts-group={startsGroup}>
          <span role="rowheader" className={classes.header}>
            {rowName}
          </span>
          {cells.map(({ value, text, name, selected: isSelected, pending = false, kind, columnSpan }, column) => (
            <div
              key={column}
              role="gridcell"
              data-at={`${row},${column}`}
              data-kind={kind}
              data-undefined={value === null && !pending}
              data-pending={pending}
              aria-colspan={columnSpan}
              tabIndex={row === tabStop.row && column === tabStop.column ? 0 : -1}
              aria-selected={isSelected}
              aria-label={name}
              className={classes.cell}
              style={cellStyle(scale, value)}
            >
              {text}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** The colour of a value with text that can be read on it; nothing where it is undefined. */
function cellStyle(scale: ColorScale, value: number | null): CSSProperties {
  const background = scaleColor(scale, value);
  return background === null ? {} : { background: cssColor(background), color: cssColor(textColorOn(background)) };
}
