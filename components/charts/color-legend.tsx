import type { ReactNode } from 'react';
import type { ColorScale } from '@/lib/viz/color-scale';
import { legendTicks } from '@/lib/viz/legend-ticks';
import { cssGradient } from '@/lib/viz/scale-color';
import classes from './color-legend.module.css';

export interface ColorLegendProps {
  readonly scale: ColorScale;
  /** `attention`, `student − teacher`. */
  readonly label: string;
  /** `one scale for all panes`, or a badge. */
  readonly note?: ReactNode;
  /** Values beyond the ends have the colours of the ends; the labels say so. */
  readonly open?: boolean;
}

/** A colour scale with its ticks. */
export function ColorLegend({ scale, label, note, open = false }: ColorLegendProps): ReactNode {
  const ticks = legendTicks(scale);
  const last = ticks.length - 1;
  const signOf = (index: number) => {
    if (!open || last === 0) return '';
    if (index === last) return '≥ ';
    return index === 0 && scale.kind === 'diverging' ? '≤ ' : '';
  };
  return (
    <div className={classes.legend}>
      <div className={classes.label}>{label}</div>
      <div className={classes.scale}>
        <div aria-hidden="true" className={classes.bar} style={{ backgroundImage: cssGradient(scale, 'to right') }} />
        <div className={classes.ticks}>
          {ticks.map(({ value, position, label: text }, index) => (
            // The labels of the ends do not stick out of the bar.
            <span
              key={value}
              className={classes.tick}
              style={{
                left: `${100 * position}%`,
                translate: index === 0 ? '0' : index === last ? '-100%' : '-50%',
              }}
            >
              {signOf(index)}
              {text}
            </span>
          ))}
        </div>
      </div>
      {note !== undefined && <div>{note}</div>}
    </div>
  );
}
