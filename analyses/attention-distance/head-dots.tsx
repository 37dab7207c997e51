'use client';

import { useState, type ReactNode } from 'react';
import { formatPixels, meanOfHeads, type PixelAxis } from '@/analyses/attention-distance/distance-words';
import { ChartColumns } from '@/components/charts/chart-columns';
import { seriesStyle, SeriesMarker } from '@/components/charts/series-style';
import { useWidth } from '@/components/charts/use-width';
import { ViewAsTable } from '@/components/charts/view-as-table';
import type { CellValue } from '@/lib/metrics/cell';
import classes from './attention-distance.module.css';

export interface HeadDotsProps {
  readonly name: string;
  readonly model: string;
  readonly cells: readonly (readonly CellValue[])[]; // [L][H]
  /** What a row without any preference gives in each layer, pixels. */
  readonly flat: readonly number[]; // [L]
  /** Pixels; alike for all members. */
  readonly axis: PixelAxis;
  readonly layer: number;
  readonly head: number;
  readonly onLayer: (layer: number) => void;
}

const HEIGHT = 230;
const LEFT = 46;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 26;

/** A dot for each head over its layer, as in figure 7 of the source; the dashed line is a row that prefers nothing. */
export function HeadDots({ name, model, cells, flat, axis, layer, head, onLayer }: HeadDotsProps): ReactNode {
  const [ref, width] = useWidth<HTMLDivElement>(420);
  const [active, setActive] = useState<number | null>(null);
  const step = (width - LEFT - RIGHT) / cells.length;
  const x = (index: number): number => LEFT + step * (index + 0.5);
  const y = (pixels: number): number =>
    HEIGHT - BOTTOM - ((pixels - axis.min) / (axis.max - axis.min)) * (HEIGHT - TOP - BOTTOM);
  const labelStep = Math.max(1, Math.ceil(24 / step));
  const label = `${name}: how far each head looks, by layer`;
  const spoken = cells.map(
    (heads, index) =>
      `layer ${index + 1}: ${heads.map(({ value }, h) => `head ${h + 1} ${formatPixels(value)}`).join(', ')}`,
  );
  const heads = Math.max(0, ...cells.map(({ length }) => length));
  const read = active ?? layer;
  return (
    <ViewAsTable
      header={<strong className={classes.name}>{name}</strong>}
      table={() => ({
        caption: `${label}, px`,
        columns: ['layer', ...Array.from({ length: heads }, (_, h) => `head ${h + 1}`), 'mean', 'flat row'],
        rows: cells.map((row, index) => [
          `layer ${index + 1}`,
          ...Array.from({ length: heads }, (_, h) => formatPixels(row[h]?.value ?? null)),
          formatPixels(meanOfHeads(row)),
          formatPixels(flat[index] ?? null),
        ]),
      })}
    >
      <div ref={ref} className={classes.plot} style={{ height: HEIGHT }}>
        <svg width={width} height={HEIGHT} aria-hidden="true" className={classes.picture}>
          {axis.ticks.map((tick) => (
            <g key={tick} transform={`translate(0,${y(tick)})`} className={classes.tick}>
              <line x1={LEFT} x2={width - RIGHT} />
              <text x={LEFT - 8} dy="0.32em" textAnchor="end">
                {tick}
              </text>
            </g>
          ))}
          {flat.map((pixels, index) => (
            <line
              key={index}
              x1={x(index) - step / 2}
              x2={x(index) + step / 2}
              y1={y(pixels)}
              y2={y(pixels)}
              className={classes.flat}
            />
          ))}
          {cells.map((row, index) => (
            <g key={index} transform={`translate(${x(index)},0)`}>
              {index % labelStep === 0 && (
                <text y={HEIGHT - 8} textAnchor="middle" className={classes.label}>
                  {index + 1}
                </text>
              )}
              {row.map(({ value }, h) =>
                value === null ? null : (
                  <g key={h} transform={`translate(0,${y(value)})`} data-head={h}>
                    {index === layer && h === head && <circle r="8" className={classes.ring} />}
                    <SeriesMarker style={seriesStyle({ model })} radius={4} />
                  </g>
                ),
              )}
            </g>
          ))}
        </svg>
        <ChartColumns
          label={label}
          names={spoken}
          selected={layer}
          onSelect={onLayer}
          active={active}
          onActive={setActive}
          style={{ top: TOP, left: LEFT, right: RIGHT, bottom: BOTTOM }}
        />
      </div>
      <p className={classes.readout}>{spoken[read] ?? ''}</p>
    </ViewAsTable>
  );
}
