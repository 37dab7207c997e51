import type { ReactNode } from 'react';
import { SeriesSwatch, type SeriesLook } from '@/components/charts/series-style';
import { formatPercent } from '@/lib/viz/format';
import classes from './accuracy-curve.module.css';

export interface CurveLine {
  readonly id: string;
  readonly name: string;
  readonly look: SeriesLook;
  /** Shares, one for each tick; `null` is not measured: a gap, "n/a". */
  readonly values: readonly (number | null)[];
}

/** A level to compare with, straight across. */
export interface CurveLevel {
  readonly id: string;
  readonly name: string;
  /** Where it was measured: `10,000 test images`. */
  readonly note: string;
  readonly look: SeriesLook;
  readonly value: number | null;
}

interface AccuracyLegendProps {
  readonly lines: readonly CurveLine[];
  readonly levels: readonly CurveLevel[];
}

/** The lines by their looks, and the levels with their values and where those were measured. */
export function AccuracyLegend({ lines, levels }: AccuracyLegendProps): ReactNode {
  return (
    <div className={classes.legend}>
      <ul>
        {lines.map(({ id, name, look }) => (
          <li key={id}>
            <SeriesSwatch look={look} />
            {name}
          </li>
        ))}
      </ul>
      <ul>
        {levels.map(({ id, name, note, look, value }) => (
          <li key={id}>
            <SeriesSwatch look={look} />
            <span>
              {name} <strong>{formatPercent(value, 2)}</strong> <span className={classes.note}>{note}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
