'use client';

import { TOP_K } from '@/lib/metrics/top-k-overlap';
import type { ReactNode } from 'react';
import { modelName } from '@/components/analysis/model-names';
import {
  ownNumber,
  pairNumber,
  ROW_OWN_METRICS,
  ROW_PAIR_METRICS,
  type RowNumber,
} from '@/analyses/attention/row-numbers';
import { attentionRow, ownColumn, placeLabel } from '@/components/analysis/trace-row';
import { Block } from '@/components/ui/block';
import { Explained } from '@/components/ui/explained';
import { pairMetrics } from '@/lib/metrics/registry';
import { selectStudent, selectStudentTrace, selectTeacherTrace } from '@/state/derived';
import { useAppState, useResults } from '@/state/use-app-state';
import shared from '../../components/analysis/panels.module.css';
import tables from '@/components/ui/number-table.module.css';

/** Short enough for a phone; the cards have the full names. */
const OWN_NAMES: { readonly [Id in (typeof ROW_OWN_METRICS)[number]]: string } = {
  tieShare: 'Tied pairs',
  entropy: 'Entropy / ln N',
  diagonalMass: 'On itself',
};

/** The chosen query's row in numbers: how the student's two maps stand to the teacher's. */
export function RowPanel() {
  const selection = useAppState((state) => state.selection);
  const studentId = useAppState(selectStudent);
  const teacher = useResults(selectTeacherTrace);
  const student = useResults(selectStudentTrace);
  const stale = useResults((state) => state.results.stale);

  const name = modelName(studentId);
  const family = useAppState((state) => state.family);
  const shownTrace = teacher ?? student;
  const context = { query: (shownTrace && ownColumn(shownTrace, selection)) ?? 0, k: TOP_K };
  const where = placeLabel(selection, family);
  const t = teacher && attentionRow(teacher, selection, 'softmaxed');
  const softmaxed = student && attentionRow(student, selection, 'softmaxed');
  const binarized = student && attentionRow(student, selection, 'binarized');

  return (
    <Block title="This row" detail={where} id="row" help="Hover or tap a number for its formula with the values in it.">
      <div className={stale ? shared.stale : undefined} aria-busy={stale}>
        <div className={tables.scroll}>
          <table className={`${tables.table} lens-numbers`}>
            <thead>
              <tr>
                <th scope="col">Against the teacher</th>
                <th scope="col">{name}, softmaxed</th>
                <th scope="col">{name}, binarized</th>
              </tr>
            </thead>
            <tbody>
              {ROW_PAIR_METRICS.map((id) => (
                <Line key={id} title={id === 'topKOverlap' ? `Top-${TOP_K} overlap` : pairMetrics[id].formula.label}>
                  {[softmaxed, binarized].map(
                    (row) => t && row && pairNumber(id, t, row, context, `${name} against the teacher, ${where}`),
                  )}
                </Line>
              ))}
            </tbody>
          </table>
          <table className={`${tables.table} lens-numbers`}>
            <thead>
              <tr>
                <th scope="col">By itself</th>
                <th scope="col">Teacher</th>
                <th scope="col">softmaxed</th>
                <th scope="col">binarized</th>
              </tr>
            </thead>
            <tbody>
              {ROW_OWN_METRICS.map((id) => (
                <Line key={id} title={OWN_NAMES[id]}>
                  {[t, softmaxed, binarized].map(
                    (row, column) => row && ownNumber(id, row, context, `${column === 0 ? 'Teacher' : name}, ${where}`),
                  )}
                </Line>
              ))}
            </tbody>
          </table>
        </div>
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
    <tr>
      <th scope="row">{title}</th>
      {children.map((number, column) => (
        <td key={column}>{number === null ? '–' : <Explained {...number.card} value={number.text} />}</td>
      ))}
    </tr>
  );
}
