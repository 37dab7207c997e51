/** What follows from the state: selectors for `useAppState`. Each returns a primitive or a stable reference. */
import type { TargetClass } from '@/engine/analysis';
import type { Trace } from '@/engine/protocol';
import {
  memberOf,
  studentFor,
  type FamilyMember,
  type MemberId,
  type ModelFamily,
  type Switches,
} from '@/models/families/family';
import type { AppState } from '@/state/app-state';
import { trueClassOf } from '@/state/results-slice';
import type { Selection } from '@/state/selection-types';

/** The student that the two switches name; in a family without students its only member. */
export function studentOf(family: ModelFamily, switches: Switches): MemberId {
  return studentFor(family, switches)?.id ?? family.members[0]?.id ?? 'teacher';
}

export const selectStudent = ({ family, selection }: AppState): MemberId => studentOf(family, selection);

export const selectMember =
  (id: MemberId) =>
  ({ family }: AppState): FamilyMember | null =>
    memberOf(family, id);

export const selectTrace =
  (id: MemberId) =>
  (state: AppState): Trace | null =>
    state.results.current?.traces[id] ?? null;

export const selectTeacherTrace = selectTrace('teacher');

export const selectStudentTrace = (state: AppState): Trace | null => selectTrace(selectStudent(state))(state);

/** The true class of the picture on screen; `null` where nobody knows it. */
export const selectTrueClass = ({ image }: AppState): number | null => trueClassOf(image.current);

/** Whether the picture on screen has a known class: a person's own has none. */
export const hasTrueClass = (state: AppState): boolean => selectTrueClass(state) !== null;

/** The class whose loss (or logit) an analysis is about. */
export function selectTargetClass(state: AppState): TargetClass {
  return state.selection.loss === 'true' ? (selectTrueClass(state) ?? 'predicted') : 'predicted';
}

export const selectCanUndo = (state: AppState): boolean => state.history.past.length > 0;
export const selectCanRedo = (state: AppState): boolean => state.history.future.length > 0;

/** The members side by side in compare mode; else the teacher and the chosen student. Not for `useAppState`: a fresh array. */
export function shownModels(family: ModelFamily, selection: Selection): readonly MemberId[] {
  return selection.compare.length >= 2 ? selection.compare : ['teacher', studentOf(family, selection)];
}
