import { Popover } from '@mantine/core';
import { useState, type FocusEvent, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { cellStyle } from '@/components/charts/cell-style';
import { gridCellAt } from '@/components/charts/data-attributes';
import { useResting, type Resting } from '@/components/charts/use-resting';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import type { ColorScale } from '@/lib/viz/color-scale';
import { formatFixed } from '@/lib/viz/format';
import { moveInRows } from '@/lib/viz/grid-moves';
import cells from './matrix-cells.module.css';
import classes from './head-matrix.module.css';

export interface HeadCell {
  /** 0-based. */
  readonly layer: number;
  readonly head: number;
}

export interface HeadMatrixProps {
  /** What the matrix shows, its accessible name: `1 − cosine of student against teacher`. */
  readonly label: string;
  /** [layer][head]; `null` is undefined: hatched, "n/a". */
  readonly values: readonly (readonly (number | null)[])[];
  readonly scale: ColorScale;
  readonly selected: HeadCell;
  readonly onSelect: (cell: HeadCell) => void;
  /** Layers from this one on are still being computed; `null` or nothing: none is. */
  readonly pendingFrom?: number | null;
  /** Which stage of the model each layer belongs to; where there is more than one they stand in groups. */
  readonly stages?: readonly number[];
  /** Text in a cell; two decimals by default. */
  readonly format?: (value: number | null) => string;
  /** What is said after the number: `defined in 12 of 50 rows`. */
  readonly describe?: (cell: HeadCell) => string | null;
  /** Shown in a card at the cell under the pointer or the keyboard: the formula with its values. */
  readonly explain?: (cell: HeadCell) => ReactNode;
  /** Stands left of the table toggle. */
  readonly header?: ReactNode;
}

/**
 * Layer x head matrix of one number each, which is also the selector of layer and head. Arrows move, Enter or Space selects.
 */
export function HeadMatrix(props: HeadMatrixProps): ReactNode {
  const { label, values, scale, selected, onSelect, format = formatFixed, describe, explain, header } = props;
  const { pendingFrom = null, stages = [] } = props;
  const isPending = (layer: number) => pendingFrom !== null && layer >= pendingFrom;
  const hasStages = stages.some((stage) => stage !== stages[0]);
  const startsStage = (layer: number) => hasStages && layer > 0 && stages[layer] !== stages[layer - 1];
  const rowName = (layer: number) =>
    hasStages ? `stage ${(stages[layer] ?? 0) + 1}, layer ${layer + 1}` : `layer ${layer + 1}`;
  const [focused, setFocused] = useState<HeadCell | null>(null);
  const card = useResting<HeadCell>();
  const heads = Math.max(0, ...values.map((row) => row.length));
  const tabStop = focused ?? selected;

  const select = (cell: HeadCell) => {
    if (!isSame(cell, selected)) onSelect(cell);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const cell = cellOf(event.target);
    if (cell === null || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      select(cell);
      return;
    }
    const lengths = values.map((row) => row.length);
    const moved = moveInRows({ row: cell.layer, column: cell.head }, event, lengths);
    if (moved === null) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>(`[data-at="${moved.row},${moved.column}"]`)?.focus();
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const cell = cellOf(event.target);
    if (cell !== null && event.pointerType !== 'touch' && !isSame(cell, card.value)) card.come(cell);
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const cell = cellOf(event.target);
    setFocused(cell);
    // A click focuses too, but then the pointer decides.
    if (cell !== null && event.target.matches(':focus-visible')) card.show(cell);
  };
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    setFocused(null);
    card.leave();
  };

  const table = (): ChartTable => ({
    caption: label,
    columns: [
      { name: 'layer' },
      ...Array.from({ length: heads }, (_, head) => ({ name: `head ${head + 1}`, numeric: true })),
    ],
    rows: values.map((row, layer) => [
      rowName(layer),
      ...row.map((value) => (isPending(layer) ? PENDING : format(value))),
    ]),
  });
  const size = { ['--heads' as string]: heads, ['--rows' as string]: values.length + 1 };

  return (
    <ViewAsTable table={table} header={header}>
      <div className={classes.body} style={size}>
        <div
          role="grid"
          aria-label={label}
          className={classes.grid}
          onKeyDown={onKeyDown}
          onFocus={onFocus}
          onBlur={onBlur}
          onPointerMove={onPointerMove}
          onPointerLeave={card.leave}
          onClick={(event) => {
            const cell = cellOf(event.target);
            if (cell === null) return;
            select(cell);
            card.show(cell);
          }}
        >
          <div role="row" className={cells.row}>
            <span role="columnheader" className={classes.corner}>
              <span className="lens-visually-hidden">layer</span>
            </span>
            {Array.from({ length: heads }, (_, head) => (
              <span key={head} role="columnheader" className={`${cells.header} ${classes.header}`}>
                head {head + 1}
              </span>
            ))}
          </div>
          {values.map((row, layer) => (
            <div key={layer} role="row" className={cells.row} data-starts-stage={startsStage(layer)}>
              <span role="rowheader" className={`${cells.header} ${classes.header}`} data-row="true">
                {rowName(layer)}
              </span>
              {row.map((value, head) => {
                const cell = { layer, head };
                const text = isPending(layer) ? PENDING : format(value);
                const more = describe?.(cell) ?? null;
                return (
                  <div
                    key={head}
                    role="gridcell"
                    data-at={`${layer},${head}`}
                    data-undefined={value === null && !isPending(layer)}
                    data-pending={isPending(layer)}
                    tabIndex={isSame(cell, tabStop) ? 0 : -1}
                    aria-selected={isSame(cell, selected)}
                    aria-label={`${rowName(layer)}, head ${head + 1}: ${isPending(layer) ? 'being computed' : text}${more === null ? '' : `, ${more}`}`}
                    className={`${cells.cell} ${classes.cell}`}
                    style={cellStyle(scale, value)}
                  >
                    {text}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
        {explain !== undefined && card.value !== null && (
          <CellCard
            key={card.value.head}
            column={card.value.head + 2}
            row={values.length + 1}
            card={card}
            name={`layer ${card.value.layer + 1}, head ${card.value.head + 1}`}
          >
            {explain(card.value)}
          </CellCard>
        )}
      </div>
    </ViewAsTable>
  );
}

interface CellCardProps {
  /** Grid lines of the last row and of the cell's column. */
  readonly row: number;
  readonly column: number;
  readonly card: Resting<HeadCell>;
  /** Its accessible name. */
  readonly name: string;
  readonly children: ReactNode;
}

/**
 * A card below the column of its cell, where it hides no other cell from the pointer. An invisible anchor holds it, because wrapping
 * the cell itself would take the focus from it.
 */
function CellCard({ row, column, card, name, children }: CellCardProps): ReactNode {
  return (
    <Popover
      opened
      onDismiss={card.dismiss}
      withRoles={false}
      // The matrix's foot may be below the window while a cell above it is asked.
      hideDetached={false}
      position="bottom"
      width={360}
      shadow="md"
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <div aria-hidden="true" className={classes.anchor} style={{ gridArea: `${row} / ${column}` }} />
      </Popover.Target>
      <Popover.Dropdown
        role="dialog"
        aria-label={name}
        className={classes.card}
        onMouseEnter={card.keep}
        onMouseLeave={card.leave}
      >
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}

/** In a cell whose number is on its way. */
const PENDING = '…';

function isSame(a: HeadCell, b: HeadCell | null): boolean {
  return b !== null && a.layer === b.layer && a.head === b.head;
}

function cellOf(target: EventTarget): HeadCell | null {
  const place = gridCellAt(target);
  return place === null ? null : { layer: place.row, head: place.column };
}
