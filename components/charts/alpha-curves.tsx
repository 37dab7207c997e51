'use client';

import { memo, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { XTicks, YTicks } from '@/components/charts/axes';
import { SeriesMarker, SeriesSwatch, type SeriesStyle } from '@/components/charts/series-style';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { formatNumber } from '@/lib/viz/format';
import { linePath } from '@/lib/viz/line-path';
import chart from './chart.module.css';
import classes from './alpha-curves.module.css';

export interface AlphaCurve extends SeriesStyle {
  readonly id: string;
  readonly name: string;
  readonly values: ArrayLike<number | null>; // [A]
  /** `share`: drawn as it is, 0..1. `of-peak`: divided by its largest value, so that curves of different units share an axis. */
  readonly unit: 'share' | 'of-peak';
  readonly format: (value: number | null) => string;
}

export interface AlphaCurvesProps {
  readonly label: string;
  /** Ascending, above 0. */
  readonly alphas: ArrayLike<number>; // [A]
  readonly curves: readonly AlphaCurve[];
  readonly alpha: number;
  readonly onAlpha: (alpha: number) => void;
  readonly range: { readonly min: number; readonly max: number };
  /** Marked on the axis: `optimum`. */
  readonly mark?: { readonly alpha: number; readonly name: string } | null;
}

const LEFT = 34;
const RIGHT = 12;
const TOP = 18;
const AXIS = 22;
const HEIGHT = 190;
/** Arrow keys: 40 to a decade. */
const STEP = 0.025;

/** Quantities over alpha on a log axis; the vertical line is the current alpha, dragged or moved with the arrow keys. */
export function AlphaCurves(props: AlphaCurvesProps): ReactNode {
  const { label, alphas, curves, alpha, onAlpha, range, mark = null } = props;
  const [root, width] = useWidth<HTMLDivElement>(480);
  const { low, high, span, x } = logAxis(range, width);
  const set = (exponent: number) => {
    const next = Number((10 ** Math.min(high, Math.max(low, exponent))).toPrecision(3));
    if (next !== alpha) onAlpha(next);
  };
  const onPointer = (event: PointerEvent<HTMLElement>) => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    else if (event.buttons === 0) return;
    const left = event.currentTarget.getBoundingClientRect().left;
    set(low + ((event.clientX - left - LEFT) / span) * (high - low));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const to = KEYS[event.key]?.(Math.log10(alpha), low, high);
    if (to === undefined || event.altKey || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    set(to);
  };
  const table = (): ChartTable => {
    // Eight to a decade show the shape; the curve has more.
    const every = Math.max(1, Math.round(alphas.length / 32));
    return {
      caption: label,
      columns: ['α', ...curves.map(({ name }) => name)],
      rows: Array.from(alphas).flatMap((at, index) =>
        index % every === 0
          ? [[formatNumber(at), ...curves.map(({ values, format }) => format(values[index] ?? null))]]
          : [],
      ),
    };
  };
  const markX = mark === null ? 0 : x(mark.alpha);

  return (
    <ViewAsTable table={table} header={<Legend curves={curves} />}>
      <div
        ref={root}
        className={`${chart.plot} ${classes.root}`}
        style={{ height: HEIGHT }}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
      >
        <Curves alphas={alphas} curves={curves} range={range} width={width} />
        {mark !== null && (
          <svg width={width} height={HEIGHT} aria-hidden="true" className={chart.picture}>
            <path d={`M${markX},${TOP}V${HEIGHT - AXIS}`} className={classes.mark} />
            <text
              x={markX}
              y={TOP - 6}
              textAnchor={markX > width - 80 ? 'end' : markX < LEFT + 40 ? 'start' : 'middle'}
              className={chart.tick}
            >
              {mark.name}
            </text>
          </svg>
        )}
        <div
          role="slider"
          tabIndex={0}
          aria-label="α, on the curve"
          aria-valuemin={range.min}
          aria-valuemax={range.max}
          aria-valuenow={alpha}
          aria-valuetext={`α = ${formatNumber(alpha)}`}
          className={classes.handle}
          style={{ left: x(alpha), top: TOP, bottom: AXIS }}
          onKeyDown={onKeyDown}
        />
      </div>
    </ViewAsTable>
  );
}

const KEYS: { readonly [Key in string]?: (now: number, low: number, high: number) => number } = {
  ArrowLeft: (now) => now - STEP,
  ArrowDown: (now) => now - STEP,
  ArrowRight: (now) => now + STEP,
  ArrowUp: (now) => now + STEP,
  PageDown: (now) => now - 10 * STEP,
  PageUp: (now) => now + 10 * STEP,
  Home: (_, low) => low,
  End: (_, __, high) => high,
};

/** Exponents of the ends, pixels between them, and the pixel of an alpha. */
function logAxis({ min, max }: AlphaCurvesProps['range'], width: number) {
  const [low, high] = [Math.log10(min), Math.log10(max)];
  const span = Math.max(1, width - LEFT - RIGHT);
  return { low, high, span, x: (alpha: number) => LEFT + (span * (Math.log10(alpha) - low)) / (high - low) };
}

interface CurvesProps extends Pick<AlphaCurvesProps, 'alphas' | 'curves' | 'range'> {
  readonly width: number;
}

/** What does not move while alpha is dragged. */
const Curves = memo(function Curves({ alphas, curves, range, width }: CurvesProps): ReactNode {
  const { low, high, x } = logAxis(range, width);
  const y = (share: number) => HEIGHT - AXIS - (HEIGHT - AXIS - TOP) * share;
  const decades = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => 10 ** (Math.ceil(low) + i));
  return (
    <svg width={width} height={HEIGHT} aria-hidden="true" className={chart.picture}>
      <YTicks
        ticks={[0, 0.5, 1].map((share) => ({ at: y(share), label: formatNumber(share) }))}
        left={LEFT}
        right={width - RIGHT}
      />
      <XTicks
        ticks={decades.map((decade) => ({ at: x(decade), label: formatNumber(decade) }))}
        y={HEIGHT - 6}
        lines={[TOP, HEIGHT - AXIS]}
      />
      {curves.map((curve) => {
        const points = sharesOf(curve).map((share, index) => {
          const at = alphas[index];
          return share === null || at === undefined ? null : ([x(at), y(share)] as const);
        });
        // A marker every so often tells curves apart without their colour.
        const every = Math.max(1, Math.round(points.length / 12));
        return (
          <g key={curve.id}>
            <path
              d={linePath(points)}
              fill="none"
              stroke={curve.color}
              strokeWidth="2"
              strokeDasharray={curve.dash ?? undefined}
            />
            {points.map((point, index) =>
              point === null || index % every !== Math.floor(every / 2) ? null : (
                <g key={index} transform={`translate(${point.join()})`}>
                  <SeriesMarker style={curve} radius={3.6} />
                </g>
              ),
            )}
          </g>
        );
      })}
    </svg>
  );
});

function Legend({ curves }: { readonly curves: readonly AlphaCurve[] }): ReactNode {
  return (
    <ul className={chart.legend}>
      {curves.map((curve) => (
        <li key={curve.id}>
          <SeriesSwatch style={curve} />
          {curve.name}
          {curve.unit === 'of-peak' && ', of its peak'}
        </li>
      ))}
    </ul>
  );
}

function sharesOf({ values, unit }: AlphaCurve): readonly (number | null)[] {
  const all = Array.from(values);
  if (unit === 'share') return all;
  const peak = all.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return all.map((value) => (value === null || peak === 0 ? null : value / peak));
}
