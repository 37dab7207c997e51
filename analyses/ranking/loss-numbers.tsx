import { Table } from '@mantine/core';
import { useMemo } from 'react';
import { metricCard } from '@/components/analysis/metric-card';
import type { KeyPair } from '@/analyses/ranking/pair-choice';
import { lossSentence } from '@/analyses/ranking/loss-sentence';
import { Explained } from '@/components/ui/explained';
import {
  explainPairHinge,
  rankingHingeFormula,
  rowHinge,
  rowRankingLossFormula,
  type PairHinge,
} from '@/lib/metrics/ranking-hinge';
import { formatFixed, formatNumber, formatPercent, formatSigned } from '@/lib/viz/format';
import classes from './ranking.module.css';

interface LossNumbersProps {
  readonly teacher: Float32Array;
  readonly student: Float32Array;
  readonly pair: KeyPair;
  readonly margin: number;
  /** `null` where a score is not finite. */
  readonly hinge: PairHinge | null;
  /** Of the student. */
  readonly name: string;
}

/** The loss of the pair and of the whole row in numbers, and in a sentence. */
export function LossNumbers({ teacher, student, pair, margin, hinge, name }: LossNumbersProps) {
  const row = useMemo(() => rowHinge(teacher, student, margin), [teacher, student, margin]);
  const [i, j] = pair;
  const card = metricCard(rankingHingeFormula, explainPairHinge(teacher, student, pair, margin));
  return (
    <>
      <p className={classes.lossSentence} aria-live="polite">
        {lossSentence(hinge, margin, name)}
      </p>
      <Table className="lens-numbers" verticalSpacing={3} horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Scores before the softmax</Table.Th>
            <Table.Th scope="col" ta="right">
              key i
            </Table.Th>
            <Table.Th scope="col" ta="right">
              key j
            </Table.Th>
            <Table.Th scope="col" ta="right">
              i − j
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Line
            title="Teacher, t"
            cells={[formatFixed(teacher[i], 3), formatFixed(teacher[j], 3), difference(teacher, pair)]}
          />
          <Line
            title={`${name}, s`}
            cells={[formatFixed(student[i], 3), formatFixed(student[j], 3), difference(student, pair)]}
          />
          <Line
            title="This pair’s gradient, ∂ℓ/∂s"
            cells={[formatSigned(hinge?.gradientI, 0), formatSigned(hinge?.gradientJ, 0), '']}
          />
          <Line
            title="The row’s gradient, ∂L/∂s"
            cells={[formatSigned(row?.gradient[i], 4), formatSigned(row?.gradient[j], 4), '']}
          />
        </Table.Tbody>
      </Table>
      <dl className={classes.figures}>
        <div>
          <dt>Lead, (sᵢ − sⱼ) · sign(tᵢ − tⱼ)</dt>
          <dd>{hinge === null || hinge.order === 0 ? 'n/a' : formatSigned(hinge.lead)}</dd>
        </div>
        <div>
          <dt>Loss of the pair, ℓ</dt>
          <dd>
            <Explained {...card} value={formatNumber(hinge?.loss)} />
          </dd>
        </div>
        <div>
          <dt>Mean loss of the row, L</dt>
          <dd>
            <Explained
              {...metricCard(
                rowRankingLossFormula,
                null,
                row === null
                  ? 'Undefined here.'
                  : `Over all ${row.pairs} pairs of the row, margin ${formatNumber(margin)}.`,
              )}
              value={formatNumber(row?.loss)}
            />
          </dd>
        </div>
        <div>
          <dt>Pairs that pull</dt>
          <dd>{row === null ? 'n/a' : `${row.active} of ${row.pairs}, ${formatPercent(row.active / row.pairs, 0)}`}</dd>
        </div>
      </dl>
    </>
  );
}

function Line({ title, cells }: { readonly title: string; readonly cells: readonly string[] }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {title}
      </Table.Th>
      {cells.map((cell, column) => (
        <Table.Td key={column} ta="right">
          {cell}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function difference(row: Float32Array, [i, j]: KeyPair): string {
  return formatSigned((row[i] ?? Number.NaN) - (row[j] ?? Number.NaN));
}
