'use client';

import { useId, useMemo, useState, type ReactNode } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceLine, XAxis, YAxis, type DotItemDotProps } from 'recharts';
import { ChartColumns } from '@/components/charts/chart-columns';
import { SeriesMarker, seriesStyle, SeriesSwatch, type SeriesOfModel } from '@/components/charts/series-style';
import { useWidth } from '@/components/charts/use-width';
import { useStages } from '@/components/charts/use-stages';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { valueAxis, type ValueScale } from '@/lib/viz/value-axis';
import chart from './chart.module.css';
import classes from './series-lines.module.css';

export interface Series extends SeriesOfModel {
  /** Unique in the chart. */
  readonly id: string;
  readonly name: string;
  /** One for each tick of the x axis; `null` is undefined: a gap, "n/a". */
  readonly values: readonly (number | null)[];
}

export interface SeriesLinesProps {
  /** What the chart shows, its accessible name. */
  readonly label: string;
  readonly xLabel: string;
  /** `layer 1`, ... */
  readonly xTicks: readonly string[];
  readonly yLabel: string;
  readonly series: readonly Series[];
  readonly scale: ValueScale;
  readonly format: (value: number | null) => string;
  readonly selected?: number | null;
  /** Left out where there is nothing to choose. */
  readonly onSelect?: (index: number) => void;
  /** Arrows select at once; if not, Enter or Space does. */
  readonly selectOnMove?: boolean;
}

const MARGIN = { top: 10, right: 12, bottom: 0, left: 0 };
const HEIGHT = 240;
const X_AXIS_HEIGHT = 24;
const Y_AXIS_WIDTH = 46;
/** Widths on the x axis: of a letter, and between two labels. */
const LETTER = 6.6;
const BETWEEN = 12;

/**
 * Lines over a few named positions, several models on one axis. On a log axis true zeros have a line of their own, marked 0; undefined values
 * are gaps. The legend hides series and reads out the position under the pointer or the keyboard, or else the selected one.
 */
export function SeriesLines(props: SeriesLinesProps): ReactNode {
  const { label, xLabel, xTicks, yLabel, series, scale, format, selected = null, onSelect, selectOnMove } = props;
  const [root, width] = useWidth<HTMLDivElement>(480);
  // In a turn of its own: Recharts takes as long as the rest of the panel.
  const isDrawn = useStages(2) > 1;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<number | null>(null);

  const axis = useMemo(
    () =>
      valueAxis(
        scale,
        series.flatMap(({ values }) => values),
      ),
    [scale, series],
  );
  const shown = series.filter(({ id }) => !hidden.has(id));
  const data = xTicks.map((_, index) => ({
    index,
    ...Object.fromEntries(series.map(({ id, values }) => [id, axis.place(values[index])])),
  }));
  const labelStep = stepOf(xTicks, width - Y_AXIS_WIDTH - MARGIN.right);
  const read = active ?? selected;
  const textAt = (values: Series['values'], index: number) => format(values[index] ?? null);

  const table = (): ChartTable => ({
    caption: `${label}: ${yLabel}`,
    columns: [xLabel, ...series.map(({ name }) => name)],
    rows: xTicks.map((tick, index) => [tick, ...series.map(({ values }) => textAt(values, index))]),
  });
  const spoken = xTicks.map(
    (tick, index) => `${tick}: ${shown.map(({ name, values }) => `${name} ${textAt(values, index)}`).join(', ')}`,
  );

  return (
    <ViewAsTable table={table} header={<span className={chart.note}>{yLabel}</span>}>
      <div ref={root} className={chart.plot} style={{ height: HEIGHT }}>
        <div aria-hidden="true" className={chart.picture}>
          {isDrawn && (
            <LineChart width={width} height={HEIGHT} data={data} margin={MARGIN} accessibilityLayer={false}>
              <CartesianGrid vertical={false} stroke="var(--lens-track)" />
              <XAxis
                dataKey="index"
                type="number"
                domain={[-0.5, xTicks.length - 0.5]}
                ticks={xTicks.map((_, index) => index).filter((index) => index % labelStep === 0)}
                tickFormatter={(index: number) => xTicks[index] ?? ''}
                interval={0}
                height={X_AXIS_HEIGHT}
                tickLine={false}
                stroke="var(--lens-edge)"
                tick={{ fill: 'var(--lens-dim)', fontSize: 12 }}
              />
              <YAxis
                type="number"
                domain={[...axis.domain]}
                ticks={axis.ticks.map(({ at }) => at)}
                tickFormatter={(at: number) => axis.ticks.find((tick) => tick.at === at)?.label ?? ''}
                interval={0}
                width={Y_AXIS_WIDTH}
                tickLine={false}
                axisLine={false}
                tick={{ fill: 'var(--lens-dim)', fontSize: 12 }}
              />
              {axis.zeroAt !== null && (
                <ReferenceLine y={axis.zeroAt} stroke="var(--lens-edge)" strokeDasharray="2 3" strokeWidth={1.5} />
              )}
              {active !== null && <ReferenceLine x={active} stroke="var(--lens-edge)" />}
              {shown.map((each) => {
                const { id } = each;
                const style = seriesStyle(each);
                return (
                  <Line
                    key={id}
                    dataKey={id}
                    type="linear"
                    stroke={style.color}
                    strokeWidth={2}
                    strokeDasharray={style.dash ?? ''}
                    isAnimationActive={false}
                    activeDot={false}
                    dot={({ key, cx, cy, value }: DotItemDotProps) =>
                      typeof cx === 'number' && typeof cy === 'number' && typeof value === 'number' ? (
                        <g key={key} transform={`translate(${cx}, ${cy})`} data-series={id}>
                          <SeriesMarker style={style} />
                        </g>
                      ) : (
                        <g key={key} />
                      )
                    }
                  />
                );
              })}
            </LineChart>
          )}
        </div>
        <ChartColumns
          label={label}
          names={spoken}
          selected={selected}
          {...(onSelect === undefined ? {} : { onSelect })}
          selectOnMove={selectOnMove ?? false}
          active={active}
          onActive={setActive}
          style={{
            top: MARGIN.top,
            left: Y_AXIS_WIDTH + MARGIN.left,
            right: MARGIN.right,
            bottom: X_AXIS_HEIGHT,
          }}
        />
      </div>
      <div className={chart.below}>
        <span>{xLabel}</span>
        {axis.zeroAt !== null && <span>dotted line, marked 0: true zeros, which a log axis has no room for</span>}
      </div>
      <Legend
        series={series}
        hidden={hidden}
        onToggle={(id) => setHidden(toggled(hidden, id))}
        position={read === null ? null : (xTicks[read] ?? null)}
        valueOf={({ values }) => (read === null ? null : textAt(values, read))}
      />
    </ViewAsTable>
  );
}

interface LegendProps {
  readonly series: readonly Series[];
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  /** Whose values are shown. */
  readonly position: string | null;
  readonly valueOf: (series: Series) => string | null;
}

/** Names every series, hides it at a click, and shows the values. */
function Legend({ series, hidden, onToggle, position, valueOf }: LegendProps): ReactNode {
  const headingId = useId();
  return (
    <div className={classes.legend} role="group" aria-labelledby={headingId}>
      <span id={headingId} className={classes.position}>
        {position ?? 'point at the chart to read it'}
        <span className="lens-visually-hidden">; a button hides its line</span>
      </span>
      <ul className={classes.items}>
        {series.map((each) => {
          const { id, name } = each;
          const value = valueOf(each);
          return (
            <li key={id} className={classes.item}>
              <button
                type="button"
                className={classes.toggle}
                aria-pressed={!hidden.has(id)}
                title={hidden.has(id) ? 'Show this line' : 'Hide this line'}
                onClick={() => onToggle(id)}
              >
                <SeriesSwatch style={seriesStyle(each)} />
                {name}
              </button>
              <span className={classes.value}>{value ?? ''}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function toggled(hidden: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Every n-th label fits. */
function stepOf(labels: readonly string[], width: number): number {
  const longest = labels.reduce((length, text) => Math.max(length, text.length), 1);
  return Math.max(1, Math.ceil((labels.length * (longest * LETTER + BETWEEN)) / Math.max(1, width)));
}
