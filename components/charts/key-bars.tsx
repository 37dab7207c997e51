'use client';

import { useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import { ChartColumns } from '@/components/charts/chart-columns';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { formatNumber } from '@/lib/viz/format';
import chart from './chart.module.css';
import classes from './key-bars.module.css';

export interface KeyBarsRow {
  readonly id: string;
  /** For speech and the table: `p`. */
  readonly name: string;
  /** After the name: `softmax(αz)`. */
  readonly note: string;
  readonly values: ArrayLike<number>; // [N]
  /** End of the axis, which starts at 0, or at `-top` for signed values; longer bars are cut and marked. */
  readonly top: number;
  readonly signed: boolean;
  readonly color: string;
}

export interface KeyBarsProps {
  readonly label: string;
  /** What each column is: `CLS`, `patch (1, 1)`. */
  readonly keys: readonly string[]; // [N]
  /** Aligned: one column is one key in all of them. */
  readonly rows: readonly KeyBarsRow[];
  /** The query's own key; `null` for none. */
  readonly self?: number | null;
  /** Columns at which a row of patches starts: a thin line before each. */
  readonly breaks?: readonly number[];
}

const ROW = 86;
const TITLE = 20;
const PLOT = ROW - TITLE - 6;
const FOOT = 16;
const COLUMNS_STYLE = { top: TITLE, left: 0, right: 0, bottom: FOOT };

/** Several quantities of one attention row, key by key, one below the other. */
export function KeyBars({ label, keys, rows, self = null, breaks = [] }: KeyBarsProps): ReactNode {
  const [root, width] = useWidth<HTMLDivElement>(480);
  const [active, setActive] = useState<number | null>(null);
  const step = width / Math.max(1, keys.length);
  const height = rows.length * ROW + FOOT;
  const valueAt = (row: KeyBarsRow, key: number) => formatNumber(row.values[key]);
  const table = (): ChartTable => ({
    caption: label,
    columns: ['key', ...rows.map(({ name }) => name)],
    rows: keys.map((key, index) => [key, ...rows.map((row) => valueAt(row, index))]),
  });
  // While alpha is dragged the picture follows at once, the spoken texts when there is time.
  const settled = useDeferredValue(rows);
  const spoken = useMemo(
    () =>
      keys.map(
        (key, index) =>
          `key ${key}: ${settled.map(({ name, values }) => `${name} ${formatNumber(values[index])}`).join(', ')}`,
      ),
    [keys, settled],
  );

  return (
    <ViewAsTable table={table} header={<span className={chart.note}>{active === null ? label : keys[active]}</span>}>
      <div ref={root} className={chart.plot} style={{ height }}>
        <svg width={width} height={height} aria-hidden="true" className={chart.picture}>
          {breaks.map((column) => (
            <path key={column} d={`M${column * step},${TITLE}V${height - FOOT}`} className={chart.grid} />
          ))}
          {rows.map((row, index) => (
            <g key={row.id} transform={`translate(0, ${index * ROW + TITLE})`}>
              <path d={`M0,${baseOf(row)}H${width}`} className={chart.axis} />
              <path d={barsPath(row, step)} fill={row.color} />
              <path d={cutsPath(row, step)} className={classes.cut} />
            </g>
          ))}
          {active !== null && (
            <rect x={active * step} width={step} y={TITLE} height={height - TITLE - FOOT} className={classes.active} />
          )}
          {self !== null && (
            <path d={`M${(self + 0.5) * step},${height - FOOT + 2}l5,9h-10Z`} className={classes.self} />
          )}
        </svg>
        {rows.map((row, index) => (
          <div key={row.id} aria-hidden="true" className={classes.title} style={{ top: index * ROW }}>
            <span className={classes.name}>{row.name}</span>
            <span className={classes.note}>{row.note}</span>
            <span className={classes.value}>
              {active === null ? `axis ${row.signed ? '±' : '0 to '}${formatNumber(row.top)}` : valueAt(row, active)}
            </span>
          </div>
        ))}
        <ChartColumns label={label} names={spoken} active={active} onActive={setActive} style={COLUMNS_STYLE} />
      </div>
    </ViewAsTable>
  );
}

/** Height of 0 in a row's plot. */
function baseOf({ signed }: KeyBarsRow): number {
  return signed ? PLOT / 2 : PLOT;
}

/** All bars of a row as one path: a drag redraws five elements, not 250. */
function barsPath(row: KeyBarsRow, step: number): string {
  const base = baseOf(row);
  const reach = row.signed ? PLOT / 2 : PLOT;
  const gap = Math.min(1, step * 0.15);
  let path = '';
  for (let key = 0; key < row.values.length; key += 1) {
    const value = row.values[key] ?? NaN;
    if (!Number.isFinite(value) || value === 0) continue;
    const share = Math.min(1, Math.max(row.signed ? -1 : 0, value / row.top));
    // At least half a pixel, so that it is seen.
    const length = Math.sign(share) * Math.max(0.5, Math.abs(share) * reach);
    path += `M${(key * step + gap).toFixed(2)},${base}v${(-length).toFixed(2)}h${(step - 2 * gap).toFixed(2)}V${base}Z`;
  }
  return path;
}

/** A stroke over each bar that is cut. */
function cutsPath(row: KeyBarsRow, step: number): string {
  let path = '';
  for (let key = 0; key < row.values.length; key += 1) {
    const value = row.values[key] ?? 0;
    if (Math.abs(value) <= row.top * (1 + 1e-9)) continue;
    path += `M${(key * step).toFixed(2)},${value > 0 ? 0 : PLOT}h${step.toFixed(2)}`;
  }
  return path;
}
