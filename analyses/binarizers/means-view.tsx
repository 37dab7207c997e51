import { binarizerEntry } from '@/lib/quantizers/binarizer-list';
import type { BinarizerComparison, BinarizerMean, BinarizerMeans } from '@/analyses/binarizers/protocol';
import { Table } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { MeasureDots } from '@/components/charts/measure-dots';
import { BestMark } from '@/analyses/binarizers/best-mark';
import {
  bestOf,
  comparableMeans,
  MEASURE_IDS,
  MEASURES,
  numbersOfMean,
  type MeasureId,
} from '@/analyses/binarizers/binarizer-measures';
import { meansSentences } from '@/analyses/binarizers/binarizer-sentences';
import { Segmented } from '@/components/ui/segmented';
import { formatCount } from '@/lib/viz/format';
import type { CellValue } from '@/lib/metrics/cell';
import classes from './binarizers.module.css';

interface MeansViewProps {
  readonly means: BinarizerMeans;
  /** The row on screen, to stand beside; `null` while it is not here. */
  readonly row: BinarizerComparison | null;
  /** How many images were asked for, where not all have been seen yet; `null` when all have. */
  readonly partialOf: number | null;
}

/** The means of a head: one measure as dots beside the row on screen, and all of them in numbers. */
export function MeansView({ means, row, partialOf }: MeansViewProps): ReactNode {
  const [measure, setMeasure] = useState<MeasureId>('tauB');
  const { name, better, axis, format } = MEASURES[measure];
  const seen = formatCount(means.images);
  const numbers = means.means.map(numbersOfMean);
  const best = bestOf(
    measure,
    means.means.map((mean) => comparableMeans(mean)[measure]),
  );
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
                name: binarizerEntry(each.id).short,
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
  const marks = new Map(
    MEASURE_IDS.map((id) => [
      id,
      bestOf(
        id,
        means.map((mean) => comparableMeans(mean)[id]),
      ),
    ]),
  );
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
                {binarizerEntry(mean.id).short}
              </Table.Th>
              {MEASURE_IDS.map((id) => {
                const isBest = marks.get(id)?.[i] ?? false;
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

/** Of how many rows a mean is. */
function definedText({ definedRows, totalRows }: CellValue): string {
  if (definedRows === totalRows) return 'all rows';
  return `${formatCount(definedRows)} of ${formatCount(totalRows)} rows`;
}
