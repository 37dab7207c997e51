import type { KeyboardEvent, FocusEvent, ReactNode } from 'react';
import { useState } from 'react';
import { cellStyle } from '@/components/charts/cell-style';
import { gridCellAt } from '@/components/charts/data-attributes';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import type { ColorScale } from '@/lib/viz/color-scale';
import { formatSigned } from '@/lib/viz/format';
import { moveInRows } from '@/lib/viz/grid-moves';
import cells from './matrix-cells.module.css';
import classes from './repair-matrix.module.css';

/** One head, one layer, or everything; counted from 0. */
export type MatrixPlace =
  | { readonly kind: 'head'; readonly layer: number; readonly head: number }
  | { readonly kind: 'layer'; readonly layer: number }
  | { readonly kind: 'all' };

export interface MatrixMark {
  /** One character, beside the number. */
  readonly symbol: string;
  /** What it stands for. */
  readonly spoken: string;
}

export interface RepairMatrixProps {
  /** What the matrix shows, its accessible name. */
  readonly label: string;
  /** Of each layer, from the first on. */
  readonly heads: readonly number[];
  /** `null` is undefined: hatched, "n/a". */
  readonly valueAt: (place: MatrixPlace) => number | null;
  readonly markAt: (place: MatrixPlace) => MatrixMark | null;
  readonly scale: ColorScale;
  readonly selected: MatrixPlace;
  readonly onSelect: (place: MatrixPlace) => void;
  readonly header?: ReactNode;
}

/**
 * Layer x head matrix of differences with a column for whole layers and a row for all of them. Each cell can be chosen: arrows move, Enter
 * or Space selects.
 */
export function RepairMatrix(props: RepairMatrixProps): ReactNode {
  const { label, heads, valueAt, markAt, scale, selected, onSelect, header } = props;
  const [focused, setFocused] = useState<string | null>(null);
  const rows = matrixRows(heads);
  const layers = heads.length;
  const most = Math.max(0, ...heads);
  const tabStop = focused ?? keyOf(selected);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const at = gridCellAt(event.target);
    if (at === null || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const place = rows[at.row]?.[at.column];
      if (place !== undefined) onSelect(place);
      return;
    }
    const lengths = rows.map((row) => row.length);
    const moved = moveInRows(at, event, lengths);
    if (moved === null) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>(`[data-at="${moved.row},${moved.column}"]`)?.focus();
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const at = gridCellAt(event.target);
    const place = at === null ? undefined : rows[at.row]?.[at.column];
    setFocused(place === undefined ? null : keyOf(place));
  };
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setFocused(null);
  };
  const textAt = (place: MatrixPlace) => {
    const mark = markAt(place);
    return `${formatSigned(valueAt(place), 2)}${mark === null ? '' : ` ${mark.symbol}`}`;
  };
  const table = (): ChartTable => ({
    caption: label,
    columns: [
      { name: 'repaired' },
      ...Array.from({ length: most }, (_, head) => ({ name: `head ${head + 1}`, numeric: true })),
      { name: 'whole', numeric: true },
    ],
    rows: rows.map((row) => {
      const [first] = row;
      const texts = row.map(textAt);
      const blanks = Array.from({ length: most + 1 - texts.length }, () => '');
      return first?.kind === 'head'
        ? [`layer ${first.layer + 1}`, ...texts.slice(0, -1), ...blanks, ...texts.slice(-1)]
        : ['all layers', ...blanks, ...texts];
    }),
  });

  return (
    <ViewAsTable table={table} header={header}>
      <div
        role="grid"
        aria-label={label}
        className={classes.grid}
        style={{ ['--heads' as string]: most }}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
        onBlur={onBlur}
        onClick={(event) => {
          const at = gridCellAt(event.target);
          const place = at === null ? undefined : rows[at.row]?.[at.column];
          if (place !== undefined) onSelect(place);
        }}
      >
        <div role="row" className={cells.row}>
          <span role="columnheader">
            <span className="lens-visually-hidden">layer</span>
          </span>
          {Array.from({ length: most }, (_, head) => (
            <span key={head} role="columnheader" className={`${cells.header} ${classes.header}`}>
              head {head + 1}
            </span>
          ))}
          <span role="columnheader" className={`${cells.header} ${classes.header}`}>
            whole layer
          </span>
        </div>
        {rows.map((row, rowIndex) => (
          <div key={rowIndex} role="row" className={cells.row}>
            <span role="rowheader" className={`${cells.header} ${classes.header}`} data-row="true">
              {rowIndex < layers ? `layer ${rowIndex + 1}` : 'all layers'}
            </span>
            {row.map((place, column) => {
              const value = valueAt(place);
              const mark = markAt(place);
              const key = keyOf(place);
              return (
                <div
                  key={key}
                  role="gridcell"
                  data-at={`${rowIndex},${column}`}
                  data-kind={place.kind}
                  data-undefined={value === null}
                  {...(place.kind === 'all' ? { 'aria-colspan': most + 1 } : {})}
                  tabIndex={key === tabStop ? 0 : -1}
                  aria-selected={key === keyOf(selected)}
                  aria-label={`${nameOf(place)}: ${formatSigned(value, 2)}${mark === null ? '' : `, ${mark.spoken}`}`}
                  className={`${cells.cell} ${classes.cell}`}
                  style={cellStyle(scale, value)}
                >
                  {formatSigned(value, 2)}
                  {mark !== null && (
                    <span className={classes.mark} title={mark.spoken}>
                      {mark.symbol}
                    </span>
                  )}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </ViewAsTable>
  );
}

/** The places as they lie: a row for each layer with the whole layer at its end, then one for everything. */
function matrixRows(heads: readonly number[]): readonly (readonly MatrixPlace[])[] {
  return [
    ...heads.map((count, layer): readonly MatrixPlace[] => [
      ...Array.from({ length: count }, (_, head) => ({ kind: 'head', layer, head }) as const),
      { kind: 'layer', layer },
    ]),
    [{ kind: 'all' }],
  ];
}

function keyOf(place: MatrixPlace): string {
  switch (place.kind) {
    case 'head':
      return `${place.layer},${place.head}`;
    case 'layer':
      return `${place.layer}`;
    case 'all':
      return 'all';
    default:
      return place satisfies never;
  }
}

function nameOf(place: MatrixPlace): string {
  switch (place.kind) {
    case 'head':
      return `layer ${place.layer + 1}, head ${place.head + 1}`;
    case 'layer':
      return `whole layer ${place.layer + 1}`;
    case 'all':
      return 'all layers';
    default:
      return place satisfies never;
  }
}
