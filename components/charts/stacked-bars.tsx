import { useId, type ReactNode } from 'react';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable } from '@/components/charts/view-as-table';
import { formatPercent } from '@/lib/viz/format';
import { stackSegments } from '@/lib/viz/stack-segments';
import classes from './stacked-bars.module.css';

/** A colour and a texture: either tells the parts apart. */
export interface PartStyle {
  readonly color: string;
  readonly texture: 'plain' | 'diagonal' | 'dots' | 'upright' | 'crossed' | 'level';
}

export interface StackPart {
  readonly id: string;
  readonly name: string;
  readonly style: PartStyle;
}

export interface StackBar {
  readonly name: string;
  /** One for each part. */
  readonly values: readonly number[];
}

export interface StackedBarsProps {
  /** What is stacked, with the unit. */
  readonly label: string;
  readonly parts: readonly StackPart[];
  readonly bars: readonly StackBar[];
  /** `shares`: every bar is as wide as the chart; `amounts`: the longest is. */
  readonly scale: 'shares' | 'amounts';
  readonly format: (value: number) => string;
  /** Left of the table toggle. */
  readonly header?: ReactNode;
}

const HEIGHT = 30;

/** Sums and their parts, each as a bar; the legend has the shares in numbers. */
export function StackedBars(props: StackedBarsProps): ReactNode {
  const { label, parts, bars, scale, format, header } = props;
  const [ref, width] = useWidth<HTMLDivElement>(640);
  const id = useId();
  const totals = bars.map(({ values }) => sum(values));
  const widest = Math.max(...totals);
  const shareOf = (part: number, bar: number): number | null => {
    const total = totals[bar] ?? 0;
    return total > 0 ? (bars[bar]?.values[part] ?? 0) / total : null;
  };
  return (
    <ViewAsTable
      header={header}
      table={() => ({
        caption: label,
        columns: ['part', ...bars.flatMap(({ name }) => [name, `share, ${name}`])],
        rows: [
          ...parts.map(({ name }, part) => [
            name,
            ...bars.flatMap(({ values }, bar) => [format(values[part] ?? 0), formatPercent(shareOf(part, bar))]),
          ]),
          ['total', ...totals.flatMap((total) => [format(total), formatPercent(total > 0 ? 1 : null)])],
        ],
      })}
    >
      <div ref={ref} className={classes.chart} role="img" aria-label={spoken(props)}>
        <svg width="0" height="0" aria-hidden="true" className={classes.patterns}>
          <defs>
            {parts.map((part) => (
              <TexturePattern key={part.id} id={`${id}-${part.id}`} {...part.style} />
            ))}
          </defs>
        </svg>
        {bars.map(({ name, values }, bar) => {
          const total = totals[bar] ?? 0;
          const barWidth = scale === 'shares' || widest === 0 ? width : (width * total) / widest;
          return (
            <div key={name} className={classes.bar}>
              <div className={classes.name}>
                <span>{name}</span> <strong className="lens-numbers">{format(total)}</strong>
              </div>
              <svg width={width} height={HEIGHT} aria-hidden="true" className={classes.stack}>
                <rect width={width} height={HEIGHT} rx="4" className={classes.track} />
                {stackSegments(values, barWidth).map(({ start, end }, part) => (
                  <rect
                    key={parts[part]?.id ?? part}
                    x={start}
                    width={end - start}
                    height={HEIGHT}
                    fill={`url(#${id}-${parts[part]?.id ?? ''})`}
                    className={classes.segment}
                  />
                ))}
              </svg>
            </div>
          );
        })}
      </div>
      <ul className={classes.legend}>
        {parts.map(({ id: partId, name, style }, part) => (
          <li key={partId}>
            <StackSwatch style={style} />
            <span>{name}</span>
            <span className={`lens-numbers ${classes.shares}`}>
              {bars.map((_, bar) => formatPercent(shareOf(part, bar))).join(' → ')}
            </span>
          </li>
        ))}
      </ul>
    </ViewAsTable>
  );
}

/** For legends. */
export function StackSwatch({ style }: Pick<StackPart, 'style'>): ReactNode {
  const id = useId();
  return (
    <svg width="14" height="14" aria-hidden="true" className={classes.swatch}>
      <defs>
        <TexturePattern id={id} {...style} />
      </defs>
      <rect width="14" height="14" rx="3" fill={`url(#${id})`} />
    </svg>
  );
}

const STROKES: { readonly [Texture in PartStyle['texture']]: string } = {
  plain: '',
  diagonal: 'M-2,2L2,-2M0,8L8,0M6,10L10,6',
  dots: '',
  upright: 'M4,0V8',
  crossed: 'M0,0L8,8M8,0L0,8',
  level: 'M0,4H8',
};

function TexturePattern({ id, color, texture }: PartStyle & { readonly id: string }): ReactNode {
  return (
    <pattern id={id} width="8" height="8" patternUnits="userSpaceOnUse">
      <rect width="8" height="8" style={{ fill: color }} />
      {texture === 'dots' ? (
        <circle cx="4" cy="4" r="1.5" className={classes.dot} />
      ) : (
        <path d={STROKES[texture]} className={classes.stroke} />
      )}
    </pattern>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function spoken({ label, parts, bars, format }: StackedBarsProps): string {
  const said = bars.map(({ name, values }) => {
    const total = sum(values);
    const shares = parts.map((part, i) => `${part.name} ${formatPercent(total > 0 ? (values[i] ?? 0) / total : null)}`);
    return `${name} ${format(total)}: ${shares.join(', ')}`;
  });
  return `${label}. ${said.join('. ')}`;
}
