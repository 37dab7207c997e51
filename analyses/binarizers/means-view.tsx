import { Table } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { MeasureDots } from '@/components/charts/measure-dots';
import { BestMark } from '@/analyses/binarizers/best-mark';
import { bestMarks, comparableMeans, MEASURES, numbersOfMean } from '@/analyses/binarizers/binarizer-measures';
import { meansSentences } from '@/analyses/binarizers/binarizer-sentences';
import {
  MEASURE_IDS,
  type BinarizerComparison,
  type BinarizerMean,
  type BinarizerMeans,
  type MeasureId,
} from '@/analyses/binarizers/protocol';
import { Segmented } from '@/components/ui/segmented';
import type { CellValue } from '@/lib/metrics/cell';
import { binarizerRecord } from '@/lib/quantizers/attention/records';
import { formatCount } from '@/lib/viz/format';
import classes from './binarizers.module.css';

interface MeansViewProps {
  readonly means: BinarizerMeans;
  /** The row on screen, for comparison; `null` while it is being computed. */
  readonly row: BinarizerComparison | null;
  /** How many images were requested; `null` when all have been seen. */
  readonly partialOf: number | null;
}

/** The means of a head: one measure as dots beside the row on screen, and every measure in numbers. */
export function MeansView({ means, row, partialOf }: MeansViewProps): ReactNode {
  const [measure, setMeasure] = useState<MeasureId>('tauB');
  const { name, better, axis, format } = MEASURES[measure];
  const seen = formatCount(means.images);
  const numbers = means.means.map(numbersOfMean);
  const best = bestMarks(means.means.map(comparableMeans))[measure];
  const which = better === null ? '' : better === 'high' ? ', more is better' : ', less is better';
  const otherOf = (id: BinarizerMean['id']): number | null | undefined =>
    row === null ? undefined : (row.rows.find((each) => each.id === id)?.[measure] ?? null);
  return (
    <>
      <p className={classes.sentences}>
        {partialOf !== null && (
          <>
            <span className={classes.partial}>
              partial: {seen} of {formatCount(partialOf)} images
            </span>{' '}
          </>
        )}
        {meansSentences(means).join(' ')}
      </p>
      <div className={classes.means}>
        <div>
          <MeasureDots
            label={`${name}${which}; mean over ${seen} images`}
            valueName={`mean over ${seen} images`}
            otherName="the row above"
            dots={numbers.map((each, i) => {
              const other = otherOf(each.id);
              return {
                name: binarizerRecord(each.id).short,
                value: each[measure],
                isBest: best[i] ?? false,
                ...(other === undefined ? {} : { other }),
              };
            })}
            axis={axis}
            format={format}
            header={
              <Segmented<MeasureId>
                label="Measure of the chart"
                value={measure}
                onChange={setMeasure}
                options={MEASURE_IDS.map((id) => ({ value: id, label: MEASURES[id].short }))}
              />
            }
          />
          <p className={classes.what}>
            {name}
            {which}.
          </p>
        </div>
        <MeansTable means={means.means} />
      </div>
    </>
  );
}

function MeansTable({ means }: { readonly means: readonly BinarizerMean[] }): ReactNode {
  const marks = bestMarks(means.map(comparableMeans));
  return (
    <Table.ScrollContainer minWidth={430} type="native">
      <Table className="lens-numbers" verticalSpacing={4} horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Mean</Table.Th>
            {MEASURE_IDS.map((id) => (
              <Table.Th key={id} scope="col" ta="right">
                {MEASURES[id].short}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {means.map((mean, i) => (
            <Table.Tr key={mean.id}>
              <Table.Th scope="row" fw={400}>
                {binarizerRecord(mean.id).short}
              </Table.Th>
              {MEASURE_IDS.map((id) => {
                const isBest = marks[id][i] ?? false;
                return (
                  <Table.Td key={id} ta="right" fw={isBest ? 700 : 400} className={classes.number}>
                    {isBest && <BestMark />} {MEASURES[id].format(mean[id].value)}
                    <span className={classes.rows}>{definedText(mean[id])}</span>
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** How many rows a mean is over. */
function definedText({ definedRows, totalRows }: CellValue): string {
  if (definedRows === totalRows) return 'all rows';
  return `${formatCount(definedRows)} of ${formatCount(totalRows)} rows`;
}
