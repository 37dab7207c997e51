import { useState, type ReactNode } from 'react';
import { scaleLinear, scalePoint } from 'd3-scale';
import { AccuracyLegend, type CurveLevel, type CurveLine } from '@/components/charts/accuracy-legend';
import { XTicks, YTicks } from '@/components/charts/axes';
import { gridCellAt, selectorOfCell } from '@/components/charts/data-attributes';
import { SeriesMarker } from '@/components/charts/series-style';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { useRovingFocus } from '@/components/ui/use-roving-focus';
import { formatPercent } from '@/lib/viz/format';
import { moveInRows, type GridCell } from '@/lib/viz/grid-moves';
import { linePath } from '@/lib/viz/line-path';
import { spreadLabels } from '@/lib/viz/spread-labels';
import chart from './chart.module.css';
import classes from './accuracy-curve.module.css';

export type { CurveLevel, CurveLine };

export interface CurvePoint {
  readonly line: string;
  readonly index: number;
}

export interface AccuracyCurveProps {
  readonly label: string;
  readonly xLabel: string;
  readonly xTicks: readonly string[];
  /** For sentences: `2 bits`. */
  readonly xNames: readonly string[];
  readonly lines: readonly CurveLine[];
  readonly levels: readonly CurveLevel[];
  /** The current settings; ringed. */
  readonly marked: readonly CurvePoint[];
  readonly onSelect: (point: CurvePoint) => void;
}

const HEIGHT = 300;
const MARGIN = { top: 14, right: 14, bottom: 26, left: 44 };
/** Names of the levels at the right of charts at least `from` wide. */
const LABELS = { width: 132, from: 560, gap: 15 };
const Y_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * Accuracies over bits: lines, levels to compare them with, and points that can be selected. Lines stand side by side at each tick, so that
 * equal points do not hide one another. Arrows move along and between the lines.
 */
export function AccuracyCurve(props: AccuracyCurveProps): ReactNode {
  const { label, xLabel, xTicks, xNames, lines, levels, marked, onSelect } = props;
  const [root, width] = useWidth<HTMLDivElement>(640);
  const [active, setActive] = useState<CurvePoint | null>(null);

  const hasLabels = width >= LABELS.from;
  const right = width - MARGIN.right - (hasLabels ? LABELS.width : 0);
  const bottom = HEIGHT - MARGIN.bottom;
  const x = scalePoint<number>()
    .domain(xTicks.map((_, index) => index))
    .range([MARGIN.left, right])
    .padding(0.5);
  const y = scaleLinear([0, 1], [bottom, MARGIN.top]);
  const beside = Math.min(13, x.step() / (lines.length + 1));
  const xOf = (lineIndex: number, index: number) => (x(index) ?? 0) + (lineIndex - (lines.length - 1) / 2) * beside;

  // A row for each line, of its measured points only.
  const rows = lines.map(({ id, values }) =>
    values.flatMap((value, index): readonly CurvePoint[] => (value === null ? [] : [{ line: id, index }])),
  );
  const pointAt = (cell: GridCell | null) => (cell === null ? null : (rows[cell.row]?.[cell.column] ?? null));
  const { focused, handlers } = useRovingFocus<GridCell>({
    itemAt: gridCellAt,
    selectorOf: selectorOfCell,
    move: (cell, event) =>
      moveInRows(
        cell,
        event,
        rows.map((row) => row.length),
      ),
    onSelect: (cell) => {
      const point = pointAt(cell);
      if (point !== null) onSelect(point);
    },
    onActive: (cell) => setActive(pointAt(cell)),
  });
  const isMeasured = (point: CurvePoint) => rows.some((row) => row.some((one) => isSame(one, point)));
  const isMarked = (point: CurvePoint) => marked.some((one) => isSame(one, point));
  const tabStop = pointAt(focused) ?? marked.find(isMeasured) ?? rows.find((row) => row.length > 0)?.at(-1) ?? null;
  const textOf = ({ line, index }: CurvePoint) => {
    const of = lines.find(({ id }) => id === line);
    return `${of?.name ?? ''}, ${xNames[index] ?? ''}: ${formatPercent(of?.values[index])}`;
  };
  const table = (): ChartTable => ({
    caption: label,
    columns: [xLabel, ...lines.map(({ name }) => name)],
    rows: [
      ...xTicks.map((tick, index) => [tick, ...lines.map(({ values }) => formatPercent(values[index]))]),
      ...levels.map(({ name, note, value }) => [`${name} (${note})`, ...lines.map(() => formatPercent(value))]),
    ],
  });

  const fromTop = levels
    .flatMap((level) => (level.value === null ? [] : [{ ...level, value: level.value }]))
    .toSorted((a, b) => b.value - a.value);
  const labelHeights = spreadLabels(
    fromTop.map(({ value }) => y(value)),
    { gap: LABELS.gap, min: MARGIN.top, max: bottom },
  );

  return (
    <ViewAsTable table={table}>
      <div ref={root} className={chart.plot} style={{ height: HEIGHT }}>
        <svg aria-hidden="true" width={width} height={HEIGHT} className={chart.picture}>
          <YTicks
            ticks={Y_TICKS.map((tick) => ({ at: y(tick), label: formatPercent(tick, 0) }))}
            left={MARGIN.left}
            right={right}
          />
          <XTicks ticks={xTicks.map((tick, index) => ({ at: x(index) ?? 0, label: tick }))} y={bottom + 18} />
          {fromTop.map(({ id, name, style, value }, index) => {
            const labelY = labelHeights[index] ?? 0;
            return (
              <g key={id} fill="none" stroke={style.color}>
                <path
                  d={`M${MARGIN.left},${y(value)}H${right}`}
                  strokeWidth="1.4"
                  strokeDasharray={style.dash ?? undefined}
                />
                {hasLabels && (
                  <>
                    <path d={`M${right},${y(value)}L${right + 10},${labelY}`} />
                    <g transform={`translate(${right + 17}, ${labelY})`}>
                      <SeriesMarker style={style} radius={4} />
                      <text x={9} dy="0.32em" stroke="none" className={chart.tick}>
                        {name} {formatPercent(value, 0)}
                      </text>
                    </g>
                  </>
                )}
              </g>
            );
          })}
          {lines.map(({ id, style, values }, lineIndex) => (
            <g key={id} data-line={id}>
              <path
                d={linePath(values.map((value, index) => (value === null ? null : [xOf(lineIndex, index), y(value)])))}
                fill="none"
                stroke={style.color}
                strokeWidth="2"
                strokeDasharray={style.dash ?? undefined}
              />
              {rows[lineIndex]?.map((point) => (
                <g
                  key={point.index}
                  transform={`translate(${xOf(lineIndex, point.index)}, ${y(values[point.index] ?? 0)})`}
                >
                  {isMarked(point) && <circle r="9.5" className={classes.ring} />}
                  <SeriesMarker style={style} radius={isSame(point, active) ? 6.5 : 4.5} />
                </g>
              ))}
            </g>
          ))}
        </svg>
        {/* Before anything is measured there is no point, and a grid may not be empty. */}
        <div {...(tabStop === null ? {} : { role: 'grid', 'aria-label': label })} {...handlers}>
          {rows.map((row, rowIndex) => (
            <div key={lines[rowIndex]?.id} {...(row.length === 0 ? {} : { role: 'row' })}>
              {row.map((point, column) => (
                <div
                  key={point.index}
                  role="gridcell"
                  data-at={`${rowIndex},${column}`}
                  tabIndex={isSame(point, tabStop) ? 0 : -1}
                  aria-selected={isMarked(point)}
                  aria-label={textOf(point)}
                  className={classes.point}
                  style={{
                    left: xOf(rowIndex, point.index),
                    top: y(lines[rowIndex]?.values[point.index] ?? 0),
                    width: Math.max(10, beside),
                  }}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
      <p className={chart.below}>
        <span>{xLabel}</span>
        <span>{active === null ? 'point at a mark to read it, click to set the dial' : textOf(active)}</span>
      </p>
      <AccuracyLegend lines={lines} levels={levels} />
    </ViewAsTable>
  );
}

function isSame(a: CurvePoint, b: CurvePoint | null): boolean {
  return a.line === b?.line && a.index === b.index;
}
