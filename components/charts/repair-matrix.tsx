import type { ReactNode } from 'react';
import { MatrixGrid } from '@/components/charts/matrix-grid';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import type { ColorScale } from '@/lib/viz/color-scale';
import { formatSigned } from '@/lib/viz/format';
import classes from './repair-matrix.module.css';

/** What is repaired: one head, a layer, or everything; counted from 0. */
export type RepairTarget =
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
  readonly valueAt: (target: RepairTarget) => number | null;
  readonly markAt: (target: RepairTarget) => MatrixMark | null;
  readonly scale: ColorScale;
  readonly selected: RepairTarget;
  readonly onSelect: (target: RepairTarget) => void;
  readonly header?: ReactNode;
}

/** Layer x head matrix of differences, with a column for whole layers and a row for all of them. */
export function RepairMatrix(props: RepairMatrixProps): ReactNode {
  const { label, heads, valueAt, markAt, scale, selected, onSelect, header } = props;
  const targets = targetRows(heads);
  const most = Math.max(0, ...heads);
  const columns = Array.from({ length: most }, (_, head) => `head ${head + 1}`);
  const rowName = (row: number) => (row < heads.length ? `layer ${row + 1}` : 'all layers');
  const table = (): ChartTable => ({
    caption: label,
    columns: ['repaired', ...columns, 'whole'],
    rows: targets.map((row, index) => {
      const texts = row.map((target) => {
        const mark = markAt(target);
        return `${formatSigned(valueAt(target), 2)}${mark === null ? '' : ` ${mark.symbol}`}`;
      });
      const blanks = Array.from({ length: most + 1 - texts.length }, () => '');
      return [rowName(index), ...texts.slice(0, -1), ...blanks, ...texts.slice(-1)];
    }),
  });
  return (
    <ViewAsTable table={table} header={header}>
      <MatrixGrid
        label={label}
        columns={[...columns, 'whole layer']}
        scale={scale}
        className={classes.grid}
        onSelect={({ row, column }) => {
          const target = targets[row]?.[column];
          if (target !== undefined) onSelect(target);
        }}
        rows={targets.map((row, index) => ({
          name: rowName(index),
          cells: row.map((target) => {
            const value = valueAt(target);
            const mark = markAt(target);
            return {
              value,
              kind: target.kind,
              name: `${nameOf(target)}: ${formatSigned(value, 2)}${mark === null ? '' : `, ${mark.spoken}`}`,
              selected: nameOf(target) === nameOf(selected),
              ...(target.kind === 'all' ? { columnSpan: most + 1 } : {}),
              text: (
                <>
                  {formatSigned(value, 2)}
                  {mark !== null && (
                    <span className={classes.mark} title={mark.spoken}>
                      {mark.symbol}
                    </span>
                  )}
                </>
              ),
            };
          }),
        }))}
      />
    </ViewAsTable>
  );
}

/** A row for each layer, the whole layer at its end, then a row for everything. */
function targetRows(heads: readonly number[]): readonly (readonly RepairTarget[])[] {
  return [
    ...heads.map((count, layer): readonly RepairTarget[] => [
      ...Array.from({ length: count }, (_, head) => ({ kind: 'head', layer, head }) as const),
      { kind: 'layer', layer },
    ]),
    [{ kind: 'all' }],
  ];
}

function nameOf(target: RepairTarget): string {
  switch (target.kind) {
    case 'head':
      return `layer ${target.layer + 1}, head ${target.head + 1}`;
    case 'layer':
      return `whole layer ${target.layer + 1}`;
    case 'all':
      return 'all layers';
    default:
      return target satisfies never;
  }
}
