import { useRef, type ReactNode } from 'react';
import { selectorOfCell } from '@/components/charts/data-attributes';
import { MatrixGrid, type MatrixGridProps } from '@/components/charts/matrix-grid';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { HoverCard, useHoverCard } from '@/components/ui/hover-card';
import type { ColorScale } from '@/lib/viz/color-scale';
import { formatFixed } from '@/lib/viz/format';
import type { GridCell } from '@/lib/viz/grid-moves';

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
  /** Layers from this one on are still being computed. */
  readonly pendingFrom?: number | null;
  /** The model's stage of each layer; several stages stand in groups. */
  readonly stages?: readonly number[];
  /** Text in a cell; two decimals by default. */
  readonly format?: (value: number | null) => string;
  /** Said after the number: `defined in 12 of 50 rows`. */
  readonly describe?: (cell: HeadCell) => string | null;
  /** In a card at the cell under the pointer or the keyboard: the formula with its values. */
  readonly explain?: (cell: HeadCell) => ReactNode;
  /** Left of the table toggle. */
  readonly header?: ReactNode;
}

const PENDING = '…';

/** Layer x head matrix of one number each; also the selector of layer and head. */
export function HeadMatrix(props: HeadMatrixProps): ReactNode {
  const { label, values, scale, selected, onSelect, format = formatFixed, describe, explain, header } = props;
  const { pendingFrom = null, stages = [] } = props;
  const grid = useRef<HTMLDivElement>(null);
  const card = useHoverCard<GridCell>();
  const columns = Array.from({ length: Math.max(0, ...values.map((row) => row.length)) }, (_, i) => `head ${i + 1}`);
  const isPending = (layer: number) => pendingFrom !== null && layer >= pendingFrom;
  const hasStages = stages.some((stage) => stage !== stages[0]);
  const rowName = (layer: number) =>
    hasStages ? `stage ${(stages[layer] ?? 0) + 1}, layer ${layer + 1}` : `layer ${layer + 1}`;

  const onActive: MatrixGridProps['onActive'] = (cell, by) => {
    if (cell === null || by === 'leave') card.closeSoon();
    else if (by === 'pointer' && !isSame(cell, card.value)) card.openSoon(cell);
    // A click focuses too, but then the pointer decides.
    else if (by === 'key' || (by === 'focus' && document.activeElement?.matches(':focus-visible'))) card.open(cell);
  };
  const table = (): ChartTable => ({
    caption: label,
    columns: ['layer', ...columns],
    rows: values.map((row, layer) => [
      rowName(layer),
      ...row.map((value) => (isPending(layer) ? PENDING : format(value))),
    ]),
  });
  // Below the last row of the cell's column, where the card hides no other cell from the pointer.
  const anchor = () => {
    const { row, column } = card.value ?? { row: 0, column: 0 };
    const find = (at: GridCell) => grid.current?.querySelector<HTMLElement>(selectorOfCell(at)) ?? null;
    return find({ row: values.length - 1, column }) ?? find({ row, column });
  };

  return (
    <ViewAsTable table={table} header={header}>
      <MatrixGrid
        ref={grid}
        label={label}
        columns={columns}
        scale={scale}
        onActive={onActive}
        onSelect={(cell) => {
          const { row: layer, column: head } = cell;
          if (layer !== selected.layer || head !== selected.head) onSelect({ layer, head });
          card.open(cell);
        }}
        rows={values.map((row, layer) => ({
          name: rowName(layer),
          startsGroup: hasStages && layer > 0 && stages[layer] !== stages[layer - 1],
          cells: row.map((value, head) => {
            const pending = isPending(layer);
            const more = describe?.({ layer, head }) ?? null;
            return {
              value,
              pending,
              text: pending ? PENDING : format(value),
              name: `${rowName(layer)}, head ${head + 1}: ${pending ? 'being computed' : format(value)}${more === null ? '' : `, ${more}`}`,
              selected: layer === selected.layer && head === selected.head,
            };
          }),
        }))}
      />
      {explain !== undefined && card.value !== null && (
        <HoverCard
          key={card.value.column}
          state={card}
          anchor={anchor}
          label={`layer ${card.value.row + 1}, head ${card.value.column + 1}`}
          position="bottom"
        >
          {explain({ layer: card.value.row, head: card.value.column })}
        </HoverCard>
      )}
    </ViewAsTable>
  );
}

function isSame(a: GridCell, b: GridCell | null): boolean {
  return a.row === b?.row && a.column === b.column;
}
