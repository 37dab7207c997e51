import type { RankingMetric } from '@/analyses/ranking/protocol';
import { Table } from '@mantine/core';
import { ModelMarker } from '@/components/charts/model-marker';
import { metricCard } from '@/components/analysis/metric-card';
import { modelName } from '@/components/analysis/model-names';
import type { PositionMeans } from '@/analyses/ranking/ranking-means';
import { rankingFormula, rankingSymbol } from '@/analyses/ranking/ranking-metric';
import { Explained } from '@/components/ui/explained';
import { explainAveraged, type Averaged } from '@/lib/metrics/averaged';
import { formatFixed } from '@/lib/viz/format';
import classes from './means-table.module.css';

interface MeansTableProps {
  readonly metric: RankingMetric;
  readonly means: PositionMeans;
  /** `layer 1`. */
  readonly where: string;
  readonly k: number;
}

/** The numbers of the chosen layer or head, each with its formula and over how many rows it is a mean. */
export function MeansTable({ metric, means, where, k }: MeansTableProps) {
  const { students, teacher } = means;
  const number = (averaged: Averaged, whose: string) => (
    <MeanNumber
      averaged={averaged}
      metric={metric}
      note={`${whose}, ${where}${metric === 'topKOverlap' ? `, k = ${k}` : ''}.`}
    />
  );
  return (
    <Table className="lens-numbers" verticalSpacing={4} horizontalSpacing={6}>
      <Table.Caption className={classes.caption}>
        {where}: mean, and over how many of its rows it is defined
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Model</Table.Th>
          <Table.Th scope="col" ta="right">
            scores
          </Table.Th>
          <Table.Th scope="col" ta="right">
            binarized
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {teacher !== null && (
          <Table.Tr>
            <Table.Th scope="row" fw={400}>
              <span className={classes.name}>
                <ModelMarker model="teacher" /> {modelName('teacher')}
              </span>
            </Table.Th>
            <Table.Td ta="right">{number(teacher, 'The teacher’s own scores')}</Table.Td>
            <Table.Td ta="right">–</Table.Td>
          </Table.Tr>
        )}
        {Object.entries(students).map(([id, stages]) => {
          return (
            <Table.Tr key={id}>
              <Table.Th scope="row" fw={400}>
                <span className={classes.name}>
                  <ModelMarker model={id} /> {modelName(id)}
                </span>
              </Table.Th>
              <Table.Td ta="right">{number(stages.before, `${modelName(id)}, scores before the softmax`)}</Table.Td>
              <Table.Td ta="right">{number(stages.after, `${modelName(id)}, binarized attention`)}</Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

interface MeanNumberProps {
  readonly averaged: Averaged;
  readonly metric: RankingMetric;
  readonly note: string;
}

function MeanNumber({ averaged, metric, note }: MeanNumberProps) {
  const formula = rankingFormula(metric);
  const { value, defined, total } = averaged;
  const why = value === null ? ` Undefined in all ${total} rows: it is so ${formula.undefinedWhen}.` : '';
  return (
    <>
      <Explained
        {...metricCard(formula, explainAveraged(averaged, rankingSymbol(metric)), `${note}${why}`)}
        value={formatFixed(value, 3)}
      />
      <span className={classes.rows}>
        {defined} of {total}
      </span>
    </>
  );
}
