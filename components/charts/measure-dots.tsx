import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { XTicks } from '@/components/charts/axes';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable } from '@/components/charts/view-as-table';
import { formatNumber, NOT_AVAILABLE } from '@/lib/viz/format';
import chart from './chart.module.css';
import classes from './measure-dots.module.css';

export interface MeasureDot {
  readonly name: string;
  /** The filled dot; `null` is written "n/a". */
  readonly value: number | null;
  /** The hollow diamond: what the value is compared with. */
  readonly other?: number | null;
  readonly isBest: boolean;
}

export interface MeasureDotsProps {
  /** What is measured, with the unit. */
  readonly label: string;
  /** What the filled dot is, and the hollow diamond. */
  readonly valueName: string;
  readonly otherName: string;
  readonly dots: readonly MeasureDot[];
  /** `max: null`: as far as the values go. */
  readonly axis: { readonly min: number; readonly max: number | null };
  readonly format: (value: number | null) => string;
  /** Left of the table toggle. */
  readonly header?: ReactNode;
}

const ROW = 34;
const TOP = 6;
const AXIS = 26;
const NAME = 140;
const NUMBER = 78;
const DIAMOND = 'M0,-6.5L6.5,0L0,6.5L-6.5,0Z';

/** One number each for a few things, as dots on one axis with stems from 0, compared with hollow diamonds. */
export function MeasureDots(props: MeasureDotsProps): ReactNode {
  const { label, valueName, otherName, dots, axis, format, header } = props;
  const [ref, width] = useWidth<HTMLDivElement>(440);
  const all = dots.flatMap(({ value, other }) => [value, other ?? null]).filter((value) => value !== null);
  const low = Math.min(axis.min, ...all);
  const high = axis.max ?? Math.max(axis.min + 1e-9, ...all);
  const x = scaleLinear([low, high], [NAME + 6, Math.max(NAME + 66, width - NUMBER - 6)]);
  if (axis.max === null) x.nice(4);
  const bottom = TOP + ROW * dots.length;
  const hasOther = dots.some(({ other }) => other !== undefined);
  return (
    <ViewAsTable
      header={header}
      table={() => ({
        caption: label,
        columns: ['binarizer', valueName, ...(hasOther ? [otherName] : [])],
        rows: dots.map(({ name, value, other, isBest }) => [
          name,
          isBest ? `${format(value)} (best)` : format(value),
          ...(hasOther ? [format(other ?? null)] : []),
        ]),
      })}
    >
      <div ref={ref} className={chart.plot} style={{ minHeight: bottom + AXIS }}>
        <svg
          width={width}
          height={bottom + AXIS}
          role="img"
          aria-label={spoken(props)}
          className={`${chart.svg} ${classes.picture}`}
        >
          <XTicks
            ticks={x.ticks(width < 420 ? 2 : 4).map((tick) => ({ at: x(tick), label: formatNumber(tick) }))}
            y={bottom + 16}
            lines={[TOP, bottom]}
          />
          <path d={`M${x(0)},${TOP}V${bottom}`} className={chart.axis} />
          {dots.map(({ name, value, other, isBest }, row) => (
            <g
              key={name}
              transform={`translate(0,${TOP + ROW * (row + 0.5)})`}
              data-best={isBest}
              className={classes.row}
            >
              <text x={NAME - 8} dy="0.32em" textAnchor="end">
                {name}
              </text>
              {value !== null && <line x1={x(Math.max(low, 0))} x2={x(value)} className={classes.stem} />}
              {other !== undefined && other !== null && (
                <path d={DIAMOND} transform={`translate(${x(other)},0)`} className={classes.other} />
              )}
              {value !== null && <circle cx={x(value)} r="5.5" className={classes.dot} />}
              <text x={width} dy="0.32em" textAnchor="end" className={classes.number}>
                {isBest && '★ '}
                {value === null ? NOT_AVAILABLE : format(value)}
              </text>
            </g>
          ))}
        </svg>
      </div>
      <p className={`${chart.legend} ${classes.legend}`}>
        <span>
          <svg width="12" height="12" viewBox="-7 -7 14 14" aria-hidden="true">
            <circle r="5.5" className={classes.dot} />
          </svg>
          {valueName}
        </span>
        {hasOther && (
          <span>
            <svg width="12" height="12" viewBox="-7 -7 14 14" aria-hidden="true">
              <path d={DIAMOND} className={classes.other} />
            </svg>
            {otherName}
          </span>
        )}
        <span>★ best</span>
      </p>
    </ViewAsTable>
  );
}

function spoken({ label, dots, format }: MeasureDotsProps): string {
  return `${label}: ${dots.map(({ name, value, isBest }) => `${name} ${format(value)}${isBest ? ', best' : ''}`).join('; ')}`;
}
