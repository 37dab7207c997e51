import { Table } from '@mantine/core';
import { ModelMarker } from '@/components/charts/model-marker';
import { metricCard } from '@/components/analysis/metric-card';
import { MODEL_NAMES } from '@/components/analysis/model-names';
import type { PlaceMeans } from '@/analyses/ranking/ranking-means';
import { rankingFormula, rankingSymbol } from '@/analyses/ranking/ranking-metric';
import { Explained } from '@/components/ui/explained';
import { explainAveraged, type Averaged } from '@/lib/metrics/averaged';
import { formatFixed } from '@/lib/viz/format';
import type { RankingMetric } from '@/engine/analysis';
import { STUDENT_IDS } from '@/engine/protocol';
import classes from './means-table.module.css';

interface MeansTableProps {
  readonly metric: RankingMetric;
  readonly means: PlaceMeans;
  /** `layer 1`. */
  readonly place: string;
  readonly k: number;
}

/** The numbers of the chosen place, each with its formula and over how many rows it is a mean. */
export function MeansTable({ metric, means, place, k }: MeansTableProps) {
  const { students, teacher } = means;
  const number = (averaged: Averaged, whose: string) => (
    <MeanNumber
      averaged={averaged}
      metric={metric}
      note={`${whose}, ${place}${metric === 'topKOverlap' ? `, k = ${k}` : ''}.`}
    />
  );
  return (
    <Table className="lens-numbers" verticalSpacing={4} horizontalSpacing={6}>
      <Table.Caption className={classes.caption}>
        {place}: mean, and over how many of its rows it is defined
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
                <ModelMarker model="teacher" /> {MODEL_NAMES.teacher}
              </span>
            </Table.Th>
            <Table.Td ta="right">{number(teacher, 'The teacher’s own scores')}</Table.Td>
            <Table.Td ta="right">–</Table.Td>
          </Table.Tr>
        )}
        {STUDENT_IDS.map((id) => {
          const stages = students[id];
          return (
            <Table.Tr key={id}>
              <Table.Th scope="row" fw={400}>
                <span className={classes.name}>
                  <ModelMarker model={id} /> {MODEL_NAMES[id]}
                </span>
              </Table.Th>
              <Table.Td ta="right">
                {stages === undefined ? '–' : number(stages.before, `${MODEL_NAMES[id]}, scores before the softmax`)}
              </Table.Td>
              <Table.Td ta="right">
                {stages === undefined ? '–' : number(stages.after, `${MODEL_NAMES[id]}, binarized attention`)}
              </Table.Td>
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
