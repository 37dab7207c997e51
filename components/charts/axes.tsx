import type { ReactNode } from 'react';
import chart from './chart.module.css';

export interface Tick {
  /** Pixels. */
  readonly at: number;
  readonly label: string;
}

interface YTicksProps {
  readonly ticks: readonly Tick[];
  readonly left: number;
  readonly right: number;
}

/** Lines across the plot with their values at the left. */
export function YTicks({ ticks, left, right }: YTicksProps): ReactNode {
  return ticks.map(({ at, label }) => (
    <g key={at} transform={`translate(0, ${at})`}>
      <path d={`M${left},0H${right}`} className={chart.grid} />
      <text x={left - 6} dy="0.35em" textAnchor="end" className={chart.tick}>
        {label}
      </text>
    </g>
  ));
}

interface XTicksProps {
  readonly ticks: readonly Tick[];
  /** Baseline of the values. */
  readonly y: number;
  /** Lines up the plot, between these heights. */
  readonly lines?: readonly [top: number, bottom: number];
}

/** Values under the plot. */
export function XTicks({ ticks, y, lines }: XTicksProps): ReactNode {
  return ticks.map(({ at, label }) => (
    <g key={at} transform={`translate(${at}, 0)`}>
      {lines !== undefined && <path d={`M0,${lines[0]}V${lines[1]}`} className={chart.grid} />}
      <text y={y} textAnchor="middle" className={chart.tick}>
        {label}
      </text>
    </g>
  ));
}
