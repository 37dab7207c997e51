'use client';

import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { MODEL_NAMES } from '@/components/panels/model-names';
import {
  ownNumber,
  pairNumber,
  ROW_OWN_METRICS,
  ROW_PAIR_METRICS,
  type RowNumber,
} from '@/components/panels/row-numbers';
import { attentionRow, ownColumn, placeLabel } from '@/components/panels/trace-row';
import { Block } from '@/components/ui/block';
import { Explained } from '@/components/ui/explained';
import { pairMetrics } from '@/lib/metrics/registry';
import { selectStudent, selectStudentTrace, selectTeacherTrace } from '@/lib/store/derived';
import { useLens, useResults } from '@/lib/store/use-lens';
import { TOP_K } from '@/lib/worker/protocol';
import shared from './panels.module.css';

/** Short enough for a phone; the cards have the full names. */
const OWN_NAMES: { readonly [Id in (typeof ROW_OWN_METRICS)[number]]: string } = {
  tieShare: 'Tied pairs',
  entropy: 'Entropy / ln N',
  diagonalMass: 'On itself',
};

/** The chosen query's row in numbers: how the student's two maps stand to the teacher's. */
export function RowPanel() {
  const selection = useLens((state) => state.selection);
  const studentId = useLens(selectStudent);
  const teacher = useResults(selectTeacherTrace);
  const student = useResults(selectStudentTrace);
  const stale = useResults((state) => state.results.stale);

  const name = MODEL_NAMES[studentId];
  const subject = useLens((state) => state.subject);
  const shownTrace = teacher ?? student;
  const context = { query: (shownTrace && ownColumn(shownTrace, selection)) ?? 0, k: TOP_K };
  const where = placeLabel(selection, subject);
  const t = teacher && attentionRow(teacher, selection, 'softmaxed');
  const softmaxed = student && attentionRow(student, selection, 'softmaxed');
  const binarized = student && attentionRow(student, selection, 'binarized');

  return (
    <Block title="This row" detail={where} id="row" help="Hover or tap a number for its formula with the values in it.">
      <div className={stale ? shared.stale : undefined} aria-busy={stale}>
        <Table.ScrollContainer minWidth={280} type="native">
          <Table className="lens-numbers" verticalSpacing={4} horizontalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Against the teacher</Table.Th>
                <Table.Th scope="col" ta="right">
                  {name}, softmaxed
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  {name}, binarized
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {ROW_PAIR_METRICS.map((id) => (
                <Line key={id} title={id === 'topKOverlap' ? `Top-${TOP_K} overlap` : pairMetrics[id].formula.label}>
                  {[softmaxed, binarized].map(
                    (row) => t && row && pairNumber(id, t, row, context, `${name} against the teacher, ${where}`),
                  )}
                </Line>
              ))}
            </Table.Tbody>
          </Table>
          <Table className="lens-numbers" verticalSpacing={4} horizontalSpacing={6} mt="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">By itself</Table.Th>
                <Table.Th scope="col" ta="right">
                  Teacher
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  softmaxed
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  binarized
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {ROW_OWN_METRICS.map((id) => (
                <Line key={id} title={OWN_NAMES[id]}>
                  {[t, softmaxed, binarized].map(
                    (row, column) => row && ownNumber(id, row, context, `${column === 0 ? 'Teacher' : name}, ${where}`),
                  )}
                </Line>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </div>
    </Block>
  );
}

function Line({
  title,
  children,
}: {
  readonly title: string;
  readonly children: readonly (RowNumber | null)[];
}): ReactNode {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {title}
      </Table.Th>
      {children.map((number, column) => (
        <Table.Td key={column} ta="right">
          {number === null ? '–' : <Explained {...number.card} value={number.text} />}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
