import { binarizerEntry } from '@/lib/quantizers/binarizer-list';
import type { BinarizedRow } from '@/analyses/binarizers/protocol';
import type { ReactNode } from 'react';
import { AttentionMap, type AttentionMapProps } from '@/components/charts/attention-map';
import { BestMark } from '@/analyses/binarizers/best-mark';
import { MEASURE_IDS, MEASURES, type MeasureId } from '@/analyses/binarizers/binarizer-measures';
import { levelCount, scaleOfRow } from '@/analyses/binarizers/binarizer-scale';
import { measureCard } from '@/analyses/binarizers/measure-card';
import { parameterOrigin } from '@/analyses/binarizers/parameter-origin';
import { paperUrl } from '@/components/analysis/paper-url';
import { Explained } from '@/components/ui/explained';
import { Formula } from '@/components/ui/formula';
import type { FormulaCardProps } from '@/components/ui/formula-card';
import type { RowContext } from '@/lib/metrics/registry';
import { formatBits, formatNumber } from '@/lib/viz/format';
import type { BinarizerFit } from '@/lib/quantizers/attention-binarizer';
import classes from './binarizers.module.css';

export type MapSettings = Omit<AttentionMapProps, 'title' | 'values' | 'scale'>;

interface BinarizerCardProps {
  readonly row: BinarizedRow;
  /** The row before. */
  readonly attention: Float32Array;
  /** Lays a row over all tokens of the layer. */
  readonly spread: (values: Float32Array) => Float32Array;
  /** Top of the scale that the real row stands on. */
  readonly top: number;
  readonly settings: MapSettings;
  readonly fit: BinarizerFit;
  readonly best: { readonly [Id in MeasureId]: boolean };
  readonly context: RowContext;
  /** `Teacher, layer 1, head 3, query patch (5, 5)`. */
  readonly where: string;
}

/** What one binarizer made of the row: picture, numbers, parameters, equation. */
export function BinarizerCard(props: BinarizerCardProps): ReactNode {
  const { row, attention, spread, top, settings, fit, best, context, where } = props;
  const { scale, own } = scaleOfRow(row, top);
  return (
    <article className={classes.card} aria-label={row.name}>
      <AttentionMap
        {...settings}
        title={binarizerEntry(row.id).short}
        note={`${formatBits(row.bits)}, ${valuesText(levelCount(row.values))}`}
        quantity={own === null ? 'attention' : 'output'}
        values={spread(row.values)}
        scale={scale}
      />
      <p className={classes.scale} data-own={own !== null}>
        {own === null ? 'on the real row’s scale' : `own scale: ${own}`}
      </p>
      <dl className={classes.numbers}>
        {MEASURE_IDS.map((id) => (
          <div key={id} data-best={best[id]}>
            <dt>{MEASURES[id].short}</dt>
            <dd>
              {best[id] && <BestMark />}
              <Explained {...measureCard(id, row, attention, context, where)} value={MEASURES[id].format(row[id])} />
            </dd>
          </div>
        ))}
      </dl>
      <p className={classes.more}>
        <Explained {...recordCard(row)} value="equation and source" />
      </p>
      <p className={classes.parameters}>
        <Parameters row={row} origin={parameterOrigin(row.id, fit)} />
      </p>
    </article>
  );
}

function Parameters({ row, origin }: { readonly row: BinarizedRow; readonly origin: string | null }): ReactNode {
  if (row.parameters.length === 0) return 'no parameters';
  return (
    <>
      {row.parameters.map(({ symbol, value }) => (
        <span key={symbol} className={classes.parameter}>
          <Formula latex={symbol} /> = {formatNumber(value)}
        </span>
      ))}
      {origin !== null && <span>{origin}</span>}
    </>
  );
}

function recordCard(row: BinarizedRow): FormulaCardProps {
  return {
    title: `${row.name}, ${formatBits(row.bits)}`,
    latex: row.equation,
    source: { text: row.source, url: paperUrl(row.source) },
    ...(row.passNote === null ? {} : { note: `Gradient share: ${row.passNote}` }),
  };
}

function valuesText(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}
