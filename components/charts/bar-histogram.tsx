'use client';

import { scaleLinear, scaleLog } from 'd3-scale';
import { useId, useMemo, useState, type ReactNode } from 'react';
import { XTicks, YTicks } from '@/components/charts/axes';
import { ChartColumns } from '@/components/charts/chart-columns';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { formatNumber, formatPowerOfTen } from '@/lib/viz/format';
import chart from './chart.module.css';
import classes from './bar-histogram.module.css';

export interface HistogramWindow {
  readonly lower: number;
  readonly upper: number;
  /** What happens inside: `gradient passes`. */
  readonly label: string;
}

export interface BarHistogramProps {
  /** What is counted, its accessible name: `q of layer 1, head 3`. */
  readonly label: string;
  /** Values in each bin. */
  readonly counts: readonly number[]; // [bins]
  /** Borders of the bins, ascending. */
  readonly edges: readonly number[]; // [bins + 1]
  /** Where a straight-through gradient passes; bars outside are hatched. */
  readonly window: HistogramWindow | null;
  /** A border as text. */
  readonly format: (value: number) => string;
  /** Bins over decades: a log x axis; every border must be above 0. */
  readonly log?: boolean;
  /** True zeros, which a log axis cannot show: a bar of their own at the left. */
  readonly zeros?: number;
  /** The largest count of the axis, for histograms side by side; its own by default. */
  readonly top?: number;
  readonly color?: string;
  readonly xLabel?: string;
}

const TOP = 18;
const AXIS = 22;
const LEFT = 44;
const RIGHT = 10;
const HEIGHT = 150;
/** Widths of the bar of zeros and of the gap after it. */
const ZERO_BAR = 22;
const ZERO_GAP = 12;

interface Bar {
  readonly name: string;
  readonly count: number;
  readonly x: number;
  readonly width: number;
  readonly inside: boolean;
}

/** A histogram, with the window of a straight-through estimator over it. */
export function BarHistogram(props: BarHistogramProps): ReactNode {
  const { label, counts, edges, window, format, log = false, zeros, color = 'var(--lens-edge)', xLabel } = props;
  const [root, width] = useWidth<HTMLDivElement>(480);
  const [active, setActive] = useState<number | null>(null);
  const hatch = useId();
  const total = counts.reduce((sum, count) => sum + count, 0) + (zeros ?? 0);

  const { bars, x, ticks } = useMemo(() => {
    const from = LEFT + (zeros === undefined ? 0 : ZERO_BAR + ZERO_GAP);
    const domain = [edges[0] ?? 0, edges[edges.length - 1] ?? 1];
    const axis = (log ? scaleLog() : scaleLinear()).domain(domain).range([from, Math.max(from + 1, width - RIGHT)]);
    const bins = counts.map((count, bin): Bar => {
      const [lower, upper] = [edges[bin] ?? 0, edges[bin + 1] ?? 0];
      const middle = log ? Math.sqrt(lower * upper) : (lower + upper) / 2;
      const inside = window === null || (middle >= window.lower && middle <= window.upper);
      const name = `${format(lower)} to ${format(upper)}`;
      return { name, count, x: axis(lower), width: axis(upper) - axis(lower), inside };
    });
    const zero: Bar = { name: 'exactly 0', count: zeros ?? 0, x: LEFT, width: ZERO_BAR, inside: true };
    return {
      bars: zeros === undefined ? bins : [zero, ...bins],
      x: axis,
      ticks: log ? decades(domain, width) : axis.ticks(Math.max(2, Math.round(width / 90))),
    };
  }, [counts, edges, window, format, log, zeros, width]);

  const greatest = props.top ?? bars.reduce((most, { count }) => Math.max(most, count), 0);
  const base = HEIGHT - AXIS;
  const heightOf = (count: number) =>
    greatest > 0 ? Math.max(count > 0 ? 2 : 0, ((base - TOP) * count) / greatest) : 0;
  const share = (count: number) => (total > 0 ? formatNumber((100 * count) / total, 2) : 'n/a');
  const speak = ({ name, count, inside }: Bar) => {
    const where = window === null ? '' : `, ${inside ? 'inside' : 'outside'} the window`;
    return `${name}: ${count} values, ${share(count)} percent${where}`;
  };
  const table = (): ChartTable => ({
    caption: window === null ? label : `${label}; window ${format(window.lower)} to ${format(window.upper)}`,
    columns: [xLabel ?? 'value', 'count', ...(window === null ? [] : [{ text: window.label }])],
    rows: bars.map(({ name, count, inside }) => [
      name,
      String(count),
      ...(window === null ? [] : [inside ? 'yes' : 'no']),
    ]),
  });
  const read = active === null ? null : (bars[active] ?? null);
  const gap = zeros === undefined ? 0 : ZERO_GAP;

  return (
    <ViewAsTable table={table} header={<span className={chart.note}>{label}</span>}>
      <div ref={root} className={chart.plot} style={{ height: HEIGHT }}>
        <svg width={width} height={HEIGHT} aria-hidden="true" className={chart.picture}>
          <defs>
            <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <path d="M0,0V5" stroke="var(--lens-edge)" strokeWidth="1.6" />
            </pattern>
          </defs>
          <YTicks
            ticks={(greatest > 0 ? [0, greatest] : [0]).map((count) => ({
              at: count === 0 ? base : TOP,
              label: formatNumber(count, 3),
            }))}
            left={LEFT}
            right={width - RIGHT}
          />
          {window !== null && <WindowMark window={window} x={x} base={base} width={width} />}
          <g data-bars>
            {bars.map(({ x: left, width: wide, count, inside }, index) => (
              <rect
                key={index}
                x={left + 0.5}
                width={Math.max(0.5, wide - 1)}
                y={base - heightOf(count)}
                height={heightOf(count)}
                fill={inside ? color : `url(#${hatch})`}
                stroke={inside ? 'none' : 'var(--lens-edge)'}
                strokeWidth={0.75}
              />
            ))}
          </g>
          <XTicks
            ticks={[
              ...ticks.map((tick) => ({
                at: Math.min(x(tick), width - 14),
                label: log ? formatPowerOfTen(Math.round(Math.log10(tick))) : format(tick),
              })),
              ...(zeros === undefined ? [] : [{ at: LEFT + ZERO_BAR / 2, label: '0' }]),
            ]}
            y={HEIGHT - 6}
          />
        </svg>
        <ChartColumns
          label={label}
          names={bars.map(speak)}
          widths={bars.map(({ width: wide }, index) => wide + (index === 0 ? gap : 0))}
          active={active}
          onActive={setActive}
          style={{ top: TOP, left: LEFT, right: RIGHT, bottom: AXIS }}
        />
      </div>
      <div className={chart.below}>
        <span>{xLabel}</span>
        <span className={classes.readout}>
          {read === null ? `${total} values` : `${read.name}: ${read.count} (${share(read.count)}\u202f%)`}
        </span>
      </div>
    </ViewAsTable>
  );
}

interface WindowMarkProps {
  readonly window: HistogramWindow;
  readonly x: (value: number) => number;
  readonly base: number;
  readonly width: number;
}

/** A bracket and a tint over the window, clipped to the plot. */
function WindowMark({ window, x, base, width }: WindowMarkProps): ReactNode {
  const clamp = (at: number) => Math.min(width - RIGHT, Math.max(LEFT, Number.isFinite(at) ? at : LEFT));
  const [from, to] = [clamp(x(window.lower)), clamp(x(window.upper))];
  const ends = [window.lower, window.upper].map(x).filter((at) => at >= LEFT && at <= width - RIGHT);
  const middle = Math.min(width - RIGHT - 60, Math.max(LEFT + 60, (from + to) / 2));
  return (
    <g>
      <rect x={from} width={Math.max(1, to - from)} y={TOP} height={base - TOP} className={classes.window} />
      <path d={`M${from},${TOP}H${to}`} className={classes.bracket} />
      {ends.map((at) => (
        <path key={at} d={`M${at},${TOP}V${base}`} className={classes.bracket} />
      ))}
      <text x={middle} y={TOP - 6} textAnchor="middle" className={classes.windowLabel}>
        {window.label}
      </text>
    </g>
  );
}

/** As many powers of ten of the domain as fit. */
function decades([lower = 1, upper = 10]: readonly number[], width: number): readonly number[] {
  const [first, last] = [Math.ceil(Math.log10(lower) - 1e-9), Math.floor(Math.log10(upper) + 1e-9)];
  const step = Math.max(1, Math.ceil(((last - first) * 46) / Math.max(1, width - LEFT - RIGHT)));
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, i) => 10 ** (first + i * step));
}
