import { useState, type FocusEvent, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { scaleLinear, scalePoint } from 'd3-scale';
import { AccuracyLegend, type CurveLevel, type CurveLine } from '@/components/charts/accuracy-legend';
import { gridCellAt } from '@/components/charts/data-attributes';
import { SeriesMarker } from '@/components/charts/series-style';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { formatPercent } from '@/lib/viz/format';
import { moveInRows } from '@/lib/viz/grid-moves';
import { linePath } from '@/lib/viz/line-path';
import { spreadLabels } from '@/lib/viz/spread-labels';
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
  /** The same in a sentence: `2 bits`. */
  readonly xNames: readonly string[];
  readonly lines: readonly CurveLine[];
  readonly levels: readonly CurveLevel[];
  /** Ringed: where one is now. */
  readonly marked: readonly CurvePoint[];
  readonly onSelect: (point: CurvePoint) => void;
  readonly header?: ReactNode;
}

const HEIGHT = 300;
const MARGIN = { top: 14, right: 14, bottom: 26, left: 44 };
/** Names of the levels at the right, where there is room for them. */
const LABELS = { width: 132, from: 560, gap: 15 };
const Y_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * Accuracies over bits: a few lines, levels to compare them with, and points that can be chosen. Lines stand side by side at each tick, so
 * that equal points do not hide one another. Arrows move along and between the lines, Enter or Space chooses.
 */
export function AccuracyCurve(props: AccuracyCurveProps): ReactNode {
  const { label, xLabel, xTicks, xNames, lines, levels, marked, onSelect, header } = props;
  const [root, width] = useWidth<HTMLDivElement>(640);
  const [active, setActive] = useState<CurvePoint | null>(null);
  const [focused, setFocused] = useState<CurvePoint | null>(null);

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

  // One row of points for each line, without those not measured.
  const rows = lines.map(({ id, values }) =>
    values.flatMap((value, index): readonly CurvePoint[] => (value === null ? [] : [{ line: id, index }])),
  );
  const isMeasured = (point: CurvePoint) => rows.some((row) => row.some((one) => isSame(one, point)));
  const tabStop = focused ?? marked.find(isMeasured) ?? rows.find((row) => row.length > 0)?.at(-1) ?? null;
  const isMarked = (point: CurvePoint) => marked.some((one) => isSame(one, point));
  const textOf = ({ line, index }: CurvePoint) => {
    const of = lines.find(({ id }) => id === line);
    return `${of?.name ?? ''}, ${xNames[index] ?? ''}: ${formatPercent(of?.values[index])}`;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const at = gridCellAt(event.target);
    if (at === null || event.altKey || event.metaKey) return;
    const point = rows[at.row]?.[at.column];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (point !== undefined) onSelect(point);
      return;
    }
    const moved = moveInRows(
      at,
      event,
      rows.map((row) => row.length),
    );
    if (moved === null) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>(`[data-at="${moved.row},${moved.column}"]`)?.focus();
  };
  const pointOf = (target: EventTarget): CurvePoint | null => {
    const at = gridCellAt(target);
    return at === null ? null : (rows[at.row]?.[at.column] ?? null);
  };
  const table = (): ChartTable => ({
    caption: label,
    columns: [{ name: xLabel }, ...lines.map(({ name }) => ({ name, numeric: true }))],
    rows: [
      ...xTicks.map((tick, index) => [tick, ...lines.map(({ values }) => formatPercent(values[index]))]),
      ...levels.map(({ name, note, value }) => [`${name} (${note})`, ...lines.map(() => formatPercent(value))]),
    ],
  });

  const drawnLevels = levels.flatMap((level) => (level.value === null ? [] : [{ ...level, value: level.value }]));
  const fromTop = drawnLevels.toSorted((a, b) => b.value - a.value);
  const labelHeights = spreadLabels(
    fromTop.map(({ value }) => y(value)),
    { gap: LABELS.gap, min: MARGIN.top, max: bottom },
  );

  return (
    <ViewAsTable table={table} header={header}>
      <div ref={root} className={classes.plot} style={{ height: HEIGHT }}>
        <svg aria-hidden="true" width={width} height={HEIGHT} className={classes.picture}>
          {Y_TICKS.map((tick) => (
            <g key={tick} transform={`translate(0, ${y(tick)})`}>
              <path d={`M${MARGIN.left},0H${right}`} stroke="var(--lens-track)" />
              <text x={MARGIN.left - 8} dy="0.32em" textAnchor="end">
                {formatPercent(tick, 0)}
              </text>
            </g>
          ))}
          {xTicks.map((tick, index) => (
            <text key={tick} x={x(index)} y={bottom + 18} textAnchor="middle">
              {tick}
            </text>
          ))}
          {drawnLevels.map(({ id, look, value }) => (
            <path
              key={id}
              d={`M${MARGIN.left},${y(value)}H${right}`}
              stroke={look.color}
              strokeWidth="1.4"
              strokeDasharray={look.dash}
            />
          ))}
          {hasLabels &&
            fromTop.map(({ id, name, look, value }, index) => (
              <g key={id}>
                <path
                  d={`M${right},${y(value)}L${right + 10},${labelHeights[index] ?? 0}`}
                  stroke={look.color}
                  fill="none"
                />
                <g transform={`translate(${right + 17}, ${labelHeights[index] ?? 0})`}>
                  <SeriesMarker look={look} radius={4} />
                  <text x={9} dy="0.32em">
                    {name} {formatPercent(value, 0)}
                  </text>
                </g>
              </g>
            ))}
          {lines.map(({ id, look, values }, lineIndex) => (
            <g key={id} data-line={id}>
              <path
                d={linePath(values.map((value, index) => (value === null ? null : [xOf(lineIndex, index), y(value)])))}
                fill="none"
                stroke={look.color}
                strokeWidth="2"
                strokeDasharray={look.dash}
              />
              {values.map((value, index) =>
                value === null ? null : (
                  <g key={index} transform={`translate(${xOf(lineIndex, index)}, ${y(value)})`}>
                    {isMarked({ line: id, index }) && <circle r="9.5" className={classes.ring} />}
                    <SeriesMarker
                      look={look}
                      radius={active !== null && isSame(active, { line: id, index }) ? 6.5 : 4.5}
                    />
                  </g>
                ),
              )}
            </g>
          ))}
        </svg>
        <div
          // Before anything is measured there is no point, and a grid may not be empty.
          {...(tabStop === null ? {} : { role: 'grid', 'aria-label': label })}
          className={classes.points}
          onKeyDown={onKeyDown}
          onClick={(event) => {
            const point = pointOf(event.target);
            if (point !== null) onSelect(point);
          }}
          onPointerMove={(event: PointerEvent<HTMLElement>) => setActive(pointOf(event.target) ?? focused)}
          onPointerLeave={() => setActive(focused)}
          onFocus={(event: FocusEvent<HTMLElement>) => {
            const point = pointOf(event.target);
            setFocused(point);
            setActive(point);
          }}
          onBlur={(event: FocusEvent<HTMLElement>) => {
            if (event.currentTarget.contains(event.relatedTarget)) return;
            setFocused(null);
            setActive(null);
          }}
        >
          {rows.map((row, rowIndex) => (
            <div key={lines[rowIndex]?.id} {...(row.length === 0 ? {} : { role: 'row' })}>
              {row.map((point, column) => {
                const value = lines[rowIndex]?.values[point.index] ?? 0;
                return (
                  <div
                    key={point.index}
                    role="gridcell"
                    data-at={`${rowIndex},${column}`}
                    tabIndex={tabStop !== null && isSame(point, tabStop) ? 0 : -1}
                    aria-selected={isMarked(point)}
                    aria-label={textOf(point)}
                    className={classes.point}
                    style={{ left: xOf(rowIndex, point.index), top: y(value), width: Math.max(10, beside) }}
                  />
                );
              })}
            </div>
          ))}
        </div>
      </div>
      <p className={classes.readout}>
        <span>{xLabel}</span>
        <span>{active === null ? 'point at a mark to read it, click to set the dial' : textOf(active)}</span>
      </p>
      <AccuracyLegend lines={lines} levels={levels} />
    </ViewAsTable>
  );
}

function isSame(a: CurvePoint, b: CurvePoint): boolean {
  return a.line === b.line && a.index === b.index;
}
