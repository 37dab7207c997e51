import type { ReactNode } from 'react';
import type { ColorScale } from '@/lib/viz/color-scale';
import { legendTicks } from '@/lib/viz/legend-ticks';
import { cssGradient } from '@/lib/viz/scale-color';
import classes from './color-legend.module.css';

export interface ColorLegendProps {
  readonly scale: ColorScale;
  /** `attention`, `student − teacher`. */
  readonly label: string;
  readonly unit?: string;
  /** `one scale for all panes`, or a badge. */
  readonly note?: ReactNode;
  readonly orientation?: 'vertical' | 'horizontal';
  /** Values beyond the ends have the colours of the ends; the labels say so. */
  readonly open?: boolean;
}

/** A colour scale with its ticks. */
export function ColorLegend(props: ColorLegendProps): ReactNode {
  const { scale, label, unit, note, orientation = 'vertical', open = false } = props;
  const ticks = legendTicks(scale, orientation);
  const vertical = orientation === 'vertical';
  const last = ticks.length - 1;
  const labelAt = (index: number, text: string) => {
    if (!open || last === 0) return text;
    if (index === last) return `≥ ${text}`;
    return index === 0 && scale.kind === 'diverging' ? `≤ ${text}` : text;
  };
  return (
    <div className={classes.legend} data-orientation={orientation}>
      <div className={classes.label}>
        {label}
        {unit !== undefined && <span className={classes.unit}> {unit}</span>}
      </div>
      <div className={classes.scale}>
        <div
          aria-hidden="true"
          className={classes.bar}
          style={{ backgroundImage: cssGradient(scale, vertical ? 'to top' : 'to right') }}
        />
        <div className={classes.ticks}>
          {ticks.map(({ value, position, label: text }, index) => (
            <span
              key={value}
              className={classes.tick}
              data-end={index === 0 ? 'low' : index === last ? 'high' : undefined}
              style={vertical ? { bottom: `${100 * position}%` } : { left: `${100 * position}%` }}
            >
              {labelAt(index, text)}
            </span>
          ))}
        </div>
      </div>
      {note !== undefined && <div>{note}</div>}
    </div>
  );
}
