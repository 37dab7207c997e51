import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { AttentionMap } from '@/components/charts/attention-map';
import { ColorLegend } from '@/components/charts/color-legend';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { BinarizerCard } from '@/analyses/binarizers/binarizer-card';
import { bestMarks, MEASURES, sortedBy } from '@/analyses/binarizers/binarizer-measures';
import { levelCount } from '@/analyses/binarizers/binarizer-scale';
import { rowSentences } from '@/analyses/binarizers/binarizer-sentences';
import { EquationList } from '@/analyses/binarizers/equation-list';
import { MEASURE_IDS, perMeasure, type BinarizerComparison, type MeasureId } from '@/analyses/binarizers/protocol';
import { attentionScale } from '@/components/analysis/locked-scale';
import { useMapSettings } from '@/components/analysis/use-map-settings';
import { useSpread } from '@/components/analysis/use-spread';
import { Segmented } from '@/components/ui/segmented';
import type { RowContext } from '@/lib/metrics/registry';
import type { BinarizerFit } from '@/lib/quantizers/attention/record';
import { binarizerRecord } from '@/lib/quantizers/attention/records';
import { formatNumber } from '@/lib/viz/format';
import classes from './binarizers.module.css';

interface BinarizerGridProps {
  readonly comparison: BinarizerComparison;
  /** Top of the colour scale that attentions share. */
  readonly top: number;
  readonly fit: BinarizerFit;
  readonly context: RowContext;
  /** `Teacher, layer 1, head 3, query patch (5, 5)`. */
  readonly where: string;
}

type Order = MeasureId | 'listed';

/** The real row and its binarized ones side by side, in a chosen order. */
export function BinarizerGrid({ comparison, top, fit, context, where }: BinarizerGridProps): ReactNode {
  const { attention, rows } = comparison;
  const [order, setOrder] = useState<Order>('listed');
  const [withEquations, setWithEquations] = useState(false);
  const [activeToken, setActiveToken] = useState<number | null>(null);
  const settings = useMapSettings(activeToken, setActiveToken);
  const spread = useSpread();
  const sorted = sortedBy(rows, order === 'listed' ? null : order);
  const marks = bestMarks(sorted);

  return (
    <>
      <p className={classes.sentences} role="status">
        {rowSentences(comparison).join(' ')}
      </p>
      <ViewAsTable
        table={() => comparisonTable(comparison, fit, where)}
        header={
          <div className={classes.order}>
            <span aria-hidden="true">order</span>
            <Segmented<Order>
              label="Order of the cards"
              value={order}
              onChange={setOrder}
              options={[
                { value: 'listed', label: 'as listed' },
                ...MEASURE_IDS.map((id) => ({ value: id, label: MEASURES[id].short })),
              ]}
            />
            <Button
              size="compact-sm"
              variant="default"
              aria-expanded={withEquations}
              onClick={() => setWithEquations(!withEquations)}
            >
              {withEquations ? 'hide equations' : 'all equations'}
            </Button>
          </div>
        }
      >
        <div className={classes.grid}>
          <div className={classes.card} role="group" aria-label="The real row">
            <AttentionMap
              {...settings}
              title="The real row"
              note={`32 bits, ${levelCount(attention)} values`}
              values={spread(attention)}
              scale={attentionScale(top)}
            />
            <ColorLegend
              open
              label="attention"
              scale={attentionScale(top)}
              note="shared by every map without a badge"
            />
            <p className={classes.hint}>
              Beside it: what each binarizer leaves of it. Point at a patch, and every map reads it out; click it to
              make it the query.
            </p>
          </div>
          {sorted.map((row, i) => (
            <BinarizerCard
              key={row.id}
              row={row}
              attention={attention}
              spread={spread}
              top={top}
              settings={settings}
              fit={fit}
              best={perMeasure((id) => marks[id][i] ?? false)}
              context={context}
              where={where}
            />
          ))}
        </div>
        {withEquations && <EquationList ids={sorted.map(({ id }) => id)} />}
      </ViewAsTable>
    </>
  );
}

function comparisonTable({ rows }: BinarizerComparison, fit: BinarizerFit, where: string): ChartTable {
  const marks = bestMarks(rows);
  return {
    caption: `${where}. Measured here; best of a column marked “best”.`,
    columns: [
      'binarizer',
      'bits',
      'values',
      ...MEASURE_IDS.map((id) => MEASURES[id].name),
      { text: 'parameters' },
      { text: 'from' },
      { text: 'source' },
    ],
    rows: rows.map((row, i) => {
      const { short, bits, origin, source } = binarizerRecord(row.id);
      return [
        short,
        String(bits),
        String(levelCount(row.values)),
        ...MEASURE_IDS.map((id) => {
          const text = MEASURES[id].format(row[id]);
          return marks[id][i] ? `${text} (best)` : text;
        }),
        row.parameters.map(({ symbol, value }) => `${plainSymbol(symbol)} = ${formatNumber(value)}`).join(', ') ||
          'none',
        origin?.[fit] ?? '–',
        source,
      ];
    }),
  };
}

const GREEK: { readonly [Name in string]?: string } = { alpha: 'α', beta: 'β', mu: 'μ', lambda: 'λ', hat: '' };

/** A LaTeX symbol as plain text: `\mu_q` becomes μ_q, `\hat{z}` z. */
export function plainSymbol(latex: string): string {
  return latex.replace(/\\([a-z]+)/g, (_, name: string) => GREEK[name] ?? name).replace(/[{}]/g, '');
}
