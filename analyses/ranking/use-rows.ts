import type { MemberId } from '@/models/families/family';
import { useMemo } from 'react';
import type { RowKeys } from '@/analyses/ranking/slope-keys';
import { geometryAt, queryToken, rowKeys, stageRow } from '@/components/analysis/trace-row';
import { selectStudent, selectStudentTrace, selectTeacherTrace } from '@/state/derived';
import { useAppState, useResults } from '@/state/use-app-state';

/** The chosen query's row of teacher and student. */
export interface Rows {
  /** Scores before the softmax; `null` until its trace is here. */
  readonly teacher: Float32Array | null; // [keys]
  /** At the stage asked for; `null` until its trace is here, and where it has no such stage. */
  readonly student: Float32Array | null; // [keys]
  readonly keys: RowKeys;
  readonly studentId: MemberId;
  /** Whether both traces are here. */
  readonly ready: boolean;
  /** Of an earlier picture. */
  readonly stale: boolean;
}

export function useRows(stage: 'scores' | 'attentionBinary'): Rows {
  const { layer, head, query } = useAppState((state) => state.selection);
  const studentId = useAppState(selectStudent);
  const teacherTrace = useResults(selectTeacherTrace);
  const studentTrace = useResults(selectStudentTrace);
  const family = useAppState((state) => state.family);
  const stale = useResults((state) => state.results.stale);
  return useMemo(() => {
    const row = { layer, head, query };
    return {
      teacher: teacherTrace && stageRow(teacherTrace, row, 'scores'),
      student: studentTrace && stageRow(studentTrace, row, stage),
      keys: {
        tokens: (teacherTrace && rowKeys(teacherTrace, row)) ?? new Int32Array(),
        geometry: geometryAt(family, layer),
        query: queryToken(family, row),
      },
      studentId,
      ready: teacherTrace !== null && studentTrace !== null,
      stale,
    };
  }, [family, teacherTrace, studentTrace, studentId, stale, layer, head, query, stage]);
}
