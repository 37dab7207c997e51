import type { ReactNode } from 'react';
import type { AccuracyCurveProps } from '@/components/charts/accuracy-curve';
import { SeriesSwatch } from '@/components/charts/series-style';
import { formatPercent } from '@/lib/viz/format';
import classes from './accuracy-curve.module.css';

/** The lines by their looks, and the levels with their values and where those were measured. */
export function AccuracyLegend({ lines, levels }: Pick<AccuracyCurveProps, 'lines' | 'levels'>): ReactNode {
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
