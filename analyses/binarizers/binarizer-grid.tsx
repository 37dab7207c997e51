import { binarizerEntry } from '@/lib/quantizers/binarizer-list';
import type { BinarizedRow, BinarizerComparison } from '@/analyses/binarizers/protocol';
import { useMemo, useState, type ReactNode } from 'react';
import { AttentionMap } from '@/components/charts/attention-map';
import { ColorLegend } from '@/components/charts/color-legend';
import { ViewAsTable, type ChartTable } from '@/components/charts/view-as-table';
import { BinarizerCard } from '@/analyses/binarizers/binarizer-card';
import { bestOf, MEASURE_IDS, MEASURES, sortedBy, type MeasureId } from '@/analyses/binarizers/binarizer-measures';
import { levelCount } from '@/analyses/binarizers/binarizer-scale';
import { rowSentences } from '@/analyses/binarizers/binarizer-sentences';
import { EquationList } from '@/analyses/binarizers/equation-list';
import { parameterOrigin } from '@/analyses/binarizers/parameter-origin';
import { attentionScale } from '@/components/analysis/locked-scale';
import { useMapSettings } from '@/components/analysis/use-map-settings';
import { useSpread } from '@/components/analysis/use-spread';
import { Segmented } from '@/components/ui/segmented';
import type { RowContext } from '@/lib/metrics/registry';
import { formatNumber } from '@/lib/viz/format';
import type { BinarizerFit } from '@/lib/quantizers/attention-binarizer';
import classes from './binarizers.module.css';

export interface BinarizerGridProps {
  readonly comparison: BinarizerComparison;
  /** Top of the colour scale that attentions share. */
  readonly top: number;
  readonly fit: BinarizerFit;
  readonly context: RowContext;
  /** `Teacher, layer 1, head 3, query patch (5, 5)`. */
  readonly where: string;
}

type Order = MeasureId | 'listed';

/** The real row and its seven binarized ones side by side, in an order of one's choice. */
export function BinarizerGrid({ comparison, top, fit, context, where }: BinarizerGridProps): ReactNode {
  const { attention, rows } = comparison;
  const [order, setOrder] = useState<Order>('listed');
  const [withEquations, setWithEquations] = useState(false);
  const [activeToken, setActiveToken] = useState<number | null>(null);
  const settings = useMapSettings(activeToken, setActiveToken);
  const spread = useSpread();
  const marks = useMemo(() => marksOf(rows), [rows]);
  const sorted = sortedBy(rows, order === 'listed' ? null : order);

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
            <button
              type="button"
              className={classes.toggle}
              aria-expanded={withEquations}
              onClick={() => setWithEquations(!withEquations)}
            >
              {withEquations ? 'hide equations' : 'all equations'}
            </button>
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
              orientation="horizontal"
              open
              label="attention"
              scale={attentionScale(top)}
              note="shared by every map without a badge"
            />
            <p className={classes.hint}>
              Beside it: what each binarizer leaves of it. Point at a patch, and all eight read it out; click it to make
              it the query.
            </p>
          </div>
          {sorted.map((row) => (
            <BinarizerCard
              key={row.id}
              row={row}
              attention={attention}
              spread={spread}
              top={top}
              settings={settings}
              fit={fit}
              best={marks(row)}
              context={context}
              where={where}
            />
          ))}
        </div>
        {withEquations && <EquationList rows={sorted} />}
      </ViewAsTable>
    </>
  );
}

/** By which measures a row is the best of them. */
function marksOf(rows: readonly BinarizedRow[]): (row: BinarizedRow) => { readonly [Id in MeasureId]: boolean } {
  const isBest = (id: MeasureId, row: BinarizedRow): boolean =>
    bestOf(
      id,
      rows.map((each) => each[id]),
    )[rows.indexOf(row)] ?? false;
  return (row) => ({
    tauB: isBest('tauB', row),
    error: isBest('error', row),
    passShare: isBest('passShare', row),
    density: isBest('density', row),
  });
}

function comparisonTable({ rows }: BinarizerComparison, fit: BinarizerFit, where: string): ChartTable {
  return {
    caption: `${where}. Measured here; best of a column marked “best”.`,
    columns: [
      { name: 'binarizer' },
      { name: 'bits', numeric: true },
      { name: 'values', numeric: true },
      ...MEASURE_IDS.map((id) => ({ name: MEASURES[id].name, numeric: true })),
      { name: 'parameters' },
      { name: 'from' },
      { name: 'source' },
    ],
    rows: rows.map((row) => [
      binarizerEntry(row.id).short,
      String(row.bits),
      String(levelCount(row.values)),
      ...MEASURE_IDS.map((id) => {
        const text = MEASURES[id].format(row[id]);
        return marksOf(rows)(row)[id] ? `${text} (best)` : text;
      }),
      row.parameters.map(({ symbol, value }) => `${plainSymbol(symbol)} = ${formatNumber(value)}`).join(', ') || 'none',
      parameterOrigin(row.id, fit) ?? '–',
      row.source,
    ]),
  };
}

const GREEK: { readonly [Name in string]?: string } = { alpha: 'α', beta: 'β', mu: 'μ', hat: '' };

/** A LaTeX symbol where no formula can be drawn: `\mu_q` becomes μ_q, `\hat{z}` z. */
export function plainSymbol(latex: string): string {
  return latex.replace(/\\([a-z]+)/g, (_, name: string) => GREEK[name] ?? name).replace(/[{}]/g, '');
}
