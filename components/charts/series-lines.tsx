'use client';

import { useId, useMemo, useState, type ReactNode } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceLine, XAxis, YAxis, type DotItemDotProps } from 'recharts';
import { ChartColumns } from '@/components/charts/chart-columns';
import { lookOf, SeriesMarker, SeriesSwatch } from '@/components/charts/series-style';
import { useWidth } from '@/components/charts/use-width';
import { valueAxis, type ValueScale } from '@/lib/viz/value-axis';
import { useStages } from '@/components/charts/use-stages';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import classes from './series-lines.module.css';

export interface Series {
  /** Unique in the chart. */
  readonly id: string;
  readonly name: string;
  /** Whose it is: its colour, marker and dash; `null` is drawn in the colour of text. */
  readonly model: string | null;
  /** One for each tick of the x axis; `null` is undefined: a gap, "n/a". */
  readonly values: readonly (number | null)[];
  /** Where a model has two series: `false` is drawn solid, `true` dashed with hollow markers. Left out: the model's own dash. */
  readonly dashed?: boolean;
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
  /** Arrows choose at once; if not, Enter or Space does. */
  readonly selectOnMove?: boolean;
  /** Of the plot with its axes, CSS pixels. */
  readonly height?: number;
  /** Stands left of the table toggle. */
  readonly header?: ReactNode;
}

const MARGIN = { top: 10, right: 12, bottom: 0, left: 0 };
const X_AXIS_HEIGHT = 24;
const Y_AXIS_WIDTH = 46;
/** Of a letter on the x axis, and between two labels. */
const LETTER = 6.6;
const BETWEEN = 12;

/**
 * Lines over a few named places, several models on one axis. On a log axis true zeros stand on a line of their own, marked 0; what is undefined is
 * a gap. The legend hides series and reads out the place under the pointer or the keyboard, else the chosen one.
 */
export function SeriesLines(props: SeriesLinesProps): ReactNode {
  const { label, xLabel, xTicks, yLabel, series, scale, format, selected = null, onSelect, selectOnMove } = props;
  const { height = 240, header } = props;
  const [root, width] = useWidth<HTMLDivElement>(480);
  // The plot's own turn: Recharts takes as long as all the rest of a panel.
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
  // Recharts takes one object for each place.
  const data = xTicks.map((_, index) => ({
    index,
    ...Object.fromEntries(series.map(({ id, values }) => [id, axis.place(values[index])])),
  }));
  const labelStep = stepOf(xTicks, width - Y_AXIS_WIDTH - MARGIN.right);
  const read = active ?? selected;
  const textAt = (values: Series['values'], index: number) => format(values[index] ?? null);

  const table = (): ChartTable => ({
    caption: `${label}: ${yLabel}`,
    columns: [{ name: xLabel }, ...series.map(({ name }) => ({ name, numeric: true }))],
    rows: xTicks.map((tick, index) => [tick, ...series.map(({ values }) => textAt(values, index))]),
  });
  const spoken = xTicks.map(
    (tick, index) => `${tick}: ${shown.map(({ name, values }) => `${name} ${textAt(values, index)}`).join(', ')}`,
  );

  return (
    <ViewAsTable table={table} header={header ?? <span className={classes.axisName}>{yLabel}</span>}>
      {header !== undefined && <div className={classes.axisName}>{yLabel}</div>}
      <div ref={root} className={classes.plot} style={{ height }}>
        <div aria-hidden="true" className={classes.picture}>
          {isDrawn && (
            <LineChart width={width} height={height} data={data} margin={MARGIN} accessibilityLayer={false}>
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
              {shown.map(({ id, model, dashed }) => {
                const look = lookOf({ model, ...(dashed === undefined ? {} : { dashed }) });
                return (
                  <Line
                    key={id}
                    dataKey={id}
                    type="linear"
                    stroke={look.color}
                    strokeWidth={2}
                    {...(look.dash === undefined ? {} : { strokeDasharray: look.dash })}
                    isAnimationActive={false}
                    activeDot={false}
                    dot={({ key, cx, cy, value }: DotItemDotProps) =>
                      typeof cx === 'number' && typeof cy === 'number' && typeof value === 'number' ? (
                        <g key={key} transform={`translate(${cx}, ${cy})`} data-series={id}>
                          <SeriesMarker look={look} />
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
      <div className={classes.below}>
        <span>{xLabel}</span>
        {axis.zeroAt !== null && <span>dotted line, marked 0: true zeros, which a log axis has no room for</span>}
      </div>
      <Legend
        series={series}
        hidden={hidden}
        onToggle={(id) => setHidden(toggled(hidden, id))}
        place={read === null ? null : (xTicks[read] ?? null)}
        valueOf={({ values }) => (read === null ? null : textAt(values, read))}
      />
    </ViewAsTable>
  );
}

interface LegendProps {
  readonly series: readonly Series[];
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  /** Whose values stand beside the names. */
  readonly place: string | null;
  readonly valueOf: (series: Series) => string | null;
}

/** Names every series, hides it at a click, and is where values are read. */
function Legend({ series, hidden, onToggle, place, valueOf }: LegendProps): ReactNode {
  const headingId = useId();
  return (
    <div className={classes.legend} role="group" aria-labelledby={headingId}>
      <span id={headingId} className={classes.place}>
        {place ?? 'point at a place to read it'}
        <span className="lens-visually-hidden">; a button hides its line</span>
      </span>
      <ul className={classes.items}>
        {series.map((each) => {
          const { id, name, model, dashed } = each;
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
                <SeriesSwatch look={lookOf({ model, ...(dashed === undefined ? {} : { dashed }) })} />
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

/** Every how many-th label fits. */
function stepOf(labels: readonly string[], width: number): number {
  const longest = labels.reduce((length, text) => Math.max(length, text.length), 1);
  return Math.max(1, Math.ceil((labels.length * (longest * LETTER + BETWEEN)) / Math.max(1, width)));
}
