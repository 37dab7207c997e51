import type { ReactNode } from 'react';
import { BestMark } from '@/analyses/binarizers/best-mark';
import { MEASURES } from '@/analyses/binarizers/binarizer-measures';
import { levelCount, scaleOfRow } from '@/analyses/binarizers/binarizer-scale';
import { measureCard } from '@/analyses/binarizers/measure-card';
import { MEASURE_IDS, type BinarizedRow, type Measures } from '@/analyses/binarizers/protocol';
import { paperUrl } from '@/components/analysis/paper-url';
import { AttentionMap, type AttentionMapProps } from '@/components/charts/attention-map';
import { Explained } from '@/components/ui/explained';
import { Formula } from '@/components/ui/formula';
import type { RowContext } from '@/lib/metrics/registry';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import { binarizerRecord } from '@/lib/quantizers/attention/records';
import { formatBits, formatNumber } from '@/lib/viz/format';
import classes from './binarizers.module.css';

interface BinarizerCardProps {
  readonly row: BinarizedRow;
  /** The row before. */
  readonly attention: Float32Array;
  /** Lays a row over all tokens of the layer. */
  readonly spread: (values: Float32Array) => Float32Array;
  /** Top of the real row's scale. */
  readonly top: number;
  readonly settings: Omit<AttentionMapProps, 'title' | 'values' | 'scale'>;
  readonly fit: BinarizerFit;
  readonly best: Measures<boolean>;
  readonly context: RowContext;
  /** `Teacher, layer 1, head 3, query patch (5, 5)`. */
  readonly where: string;
}

/** What one binarizer makes of the row: picture, numbers, parameters, equation. */
export function BinarizerCard(props: BinarizerCardProps): ReactNode {
  const { row, attention, spread, top, settings, fit, best, context, where } = props;
  const { name, short, bits, equation, source, passNote, origin } = binarizerRecord(row.id);
  const { scale, own } = scaleOfRow(row, top);
  const levels = levelCount(row.values);
  return (
    <article className={classes.card} aria-label={name}>
      <AttentionMap
        {...settings}
        title={short}
        note={`${formatBits(bits)}, ${levels === 1 ? '1 value' : `${levels} values`}`}
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
        <Explained
          title={`${name}, ${formatBits(bits)}`}
          latex={equation}
          source={{ text: source, url: paperUrl(source) }}
          {...(passNote === null ? {} : { note: `Gradient share: ${passNote}` })}
          value="equation and source"
        />
      </p>
      <p className={classes.parameters}>
        {row.parameters.map(({ symbol, value }) => (
          <span key={symbol} className={classes.parameter}>
            <Formula latex={symbol} /> = {formatNumber(value)}
          </span>
        ))}
        <span>{origin === null ? 'no parameters' : origin[fit]}</span>
      </p>
    </article>
  );
}
