'use client';

import { memo, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { formatNumber } from '@/lib/viz/format';
import { linePath } from '@/lib/viz/line-path';
import { markerPath, type Marker } from '@/lib/viz/model-identity';
import classes from './alpha-curves.module.css';

export interface AlphaCurve {
  readonly id: string;
  readonly name: string;
  readonly values: ArrayLike<number | null>; // [A]
  /** `share`: drawn as it is, 0..1. `of-peak`: divided by its own largest value, which curves of different units share an axis by. */
  readonly unit: 'share' | 'of-peak';
  readonly color: string;
  readonly dash: string | null;
  readonly marker: Marker;
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
  readonly height?: number;
}

const LEFT = 34;
const RIGHT = 12;
const TOP = 18;
const AXIS = 22;
/** Of the arrow keys: 40 to a decade. */
const STEP = 0.025;

/** Quantities over alpha on a log axis; the vertical line is the current one, to be dragged or moved with the arrow keys. */
export function AlphaCurves(props: AlphaCurvesProps): ReactNode {
  const { label, alphas, curves, alpha, onAlpha, range, mark = null, height = 190 } = props;
  const [root, width] = useWidth<HTMLDivElement>(480);
  const [low, high] = [Math.log10(range.min), Math.log10(range.max)];
  const span = Math.max(1, width - LEFT - RIGHT);
  const x = (at: number) => LEFT + (span * (Math.log10(at) - low)) / (high - low);
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
    const now = Math.log10(alpha);
    const to = KEYS[event.key]?.(now, low, high);
    if (to === undefined || event.altKey || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    set(to);
  };

  const table = (): ChartTable => {
    // Eight to a decade say the shape; the curve has more.
    const every = Math.max(1, Math.round(alphas.length / 32));
    const shown = Array.from({ length: alphas.length }, (_, index) => index).filter((index) => index % every === 0);
    return {
      caption: label,
      columns: [{ name: 'α' }, ...curves.map(({ name }) => ({ name, numeric: true }))],
      rows: shown.map((index) => [
        formatNumber(alphas[index]),
        ...curves.map(({ values, format }) => format(values[index] ?? null)),
      ]),
    };
  };

  return (
    <ViewAsTable table={table} header={<Legend curves={curves} />}>
      <div ref={root} className={classes.root} style={{ height }} onPointerDown={onPointer} onPointerMove={onPointer}>
        <Curves alphas={alphas} curves={curves} range={range} width={width} height={height} />
        <svg width={width} height={height} aria-hidden="true" className={classes.picture}>
          {mark !== null && (
            <g transform={`translate(${x(mark.alpha)}, 0)`}>
              <path d={`M0,${TOP}V${height - AXIS}`} className={classes.mark} />
              <text
                y={TOP - 6}
                textAnchor={x(mark.alpha) > width - 80 ? 'end' : x(mark.alpha) < LEFT + 40 ? 'start' : 'middle'}
                className={classes.tick}
              >
                {mark.name}
              </text>
            </g>
          )}
        </svg>
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

interface CurvesProps extends Pick<AlphaCurvesProps, 'alphas' | 'curves' | 'range'> {
  readonly width: number;
  readonly height: number;
}

/** What does not move while alpha is dragged. */
const Curves = memo(function Curves({ alphas, curves, range, width, height }: CurvesProps): ReactNode {
  const [low, high] = [Math.log10(range.min), Math.log10(range.max)];
  const x = (at: number) => LEFT + ((width - LEFT - RIGHT) * (Math.log10(at) - low)) / (high - low);
  const y = (share: number) => height - AXIS - (height - AXIS - TOP) * share;
  const decades = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => 10 ** (Math.ceil(low) + i));
  return (
    <svg width={width} height={height} aria-hidden="true" className={classes.picture}>
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <path d={`M${LEFT},${y(share)}H${width - RIGHT}`} className={classes.grid} />
          <text x={LEFT - 6} y={y(share)} dy="0.35em" textAnchor="end" className={classes.tick}>
            {formatNumber(share)}
          </text>
        </g>
      ))}
      {decades.map((decade) => (
        <g key={decade}>
          <path d={`M${x(decade)},${TOP}V${height - AXIS}`} className={classes.grid} />
          <text x={x(decade)} y={height - 6} textAnchor="middle" className={classes.tick}>
            {formatNumber(decade)}
          </text>
        </g>
      ))}
      {curves.map((curve) => (
        <g key={curve.id}>
          <path
            d={linePath(
              sharesOf(curve).map((share, index) => {
                const at = alphas[index];
                return share === null || at === undefined ? null : [x(at), y(share)];
              }),
            )}
            fill="none"
            stroke={curve.color}
            strokeWidth="2"
            {...(curve.dash === null ? {} : { strokeDasharray: curve.dash })}
          />
          {markersOf(alphas, sharesOf(curve)).map(([at, share]) => (
            <path
              key={at}
              transform={`translate(${x(at)}, ${y(share)})`}
              d={markerPath(curve.marker, 3.6)}
              fill={curve.color}
            />
          ))}
        </g>
      ))}
    </svg>
  );
});

function Legend({ curves }: { readonly curves: readonly AlphaCurve[] }): ReactNode {
  return (
    <ul className={classes.legend}>
      {curves.map(({ id, name, unit, color, dash, marker }) => (
        <li key={id}>
          <svg width="26" height="12" viewBox="-13 -6 26 12" aria-hidden="true">
            <path d="M-13,0H13" stroke={color} strokeWidth="2" strokeDasharray={dash ?? undefined} />
            <path d={markerPath(marker, 3.6)} fill={color} />
          </svg>
          {name}
          {unit === 'of-peak' && ', of its peak'}
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

/** A marker every so often tells curves apart without their colour. */
function markersOf(
  alphas: ArrayLike<number>,
  shares: readonly (number | null)[],
): readonly (readonly [number, number])[] {
  const every = Math.max(1, Math.round(shares.length / 12));
  return shares.flatMap((share, index) => {
    const at = alphas[index];
    return share === null || at === undefined || index % every !== Math.floor(every / 2) ? [] : [[at, share] as const];
  });
}
