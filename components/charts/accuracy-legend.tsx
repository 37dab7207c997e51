import type { ReactNode } from 'react';
import { SeriesSwatch, type SeriesStyle } from '@/components/charts/series-style';
import { formatPercent } from '@/lib/viz/format';
import chart from './chart.module.css';
import classes from './accuracy-curve.module.css';

export interface CurveLine {
  readonly id: string;
  readonly name: string;
  readonly style: SeriesStyle;
  /** Shares, one for each tick; `null` is not measured: a gap, "n/a". */
  readonly values: readonly (number | null)[];
}

/** A level to compare with, straight across. */
export interface CurveLevel {
  readonly id: string;
  readonly name: string;
  /** What it was measured on: `10,000 test images`. */
  readonly note: string;
  readonly style: SeriesStyle;
  readonly value: number | null;
}

interface AccuracyLegendProps {
  readonly lines: readonly CurveLine[];
  readonly levels: readonly CurveLevel[];
}

/** The lines, and the levels with their values and what those were measured on. */
export function AccuracyLegend({ lines, levels }: AccuracyLegendProps): ReactNode {
  return (
    <div className={classes.legend}>
      <ul className={chart.legend}>
        {lines.map(({ id, name, style }) => (
          <li key={id}>
            <SeriesSwatch style={style} />
            {name}
          </li>
        ))}
      </ul>
      <ul className={chart.legend}>
        {levels.map(({ id, name, note, style, value }) => (
          <li key={id}>
            <SeriesSwatch style={style} />
            <span>
              {name} <strong>{formatPercent(value, 2)}</strong> <span className={classes.note}>{note}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
