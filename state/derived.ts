/** What follows from the state: selectors for `useAppState`. Each returns a primitive or a stable reference. */
import type { AppState } from '@/state/app-state';
import type { Selection } from '@/state/selection-types';
import type { TargetClass } from '@/engine/analysis';
import type { Distortion, ManifestModel, ModelId, StudentId, Trace } from '@/engine/protocol';

/** The student that the two switches name. */
export function studentOf({ scaling, ranking }: Pick<Selection, 'scaling' | 'ranking'>): StudentId {
  if (scaling) return ranking ? 'bi-vit' : 'scaling';
  return ranking ? 'ranking' : 'baseline';
}

export const selectStudent = (state: AppState): StudentId => studentOf(state.selection);

export const selectTrace =
  (id: ModelId) =>
  (state: AppState): Trace | null =>
    state.results.current?.traces[id] ?? null;

export const selectTeacherTrace = selectTrace('teacher');

export const selectStudentTrace = (state: AppState): Trace | null => selectTrace(selectStudent(state))(state);

export const selectDistortion =
  (id: StudentId) =>
  (state: AppState): Distortion | null =>
    state.results.current?.distortions[id] ?? null;

/** Of the student that the switches name. */
export const selectStudentDistortion = (state: AppState): Distortion | null =>
  selectDistortion(selectStudent(state))(state);

export const selectManifestModel =
  (id: ModelId) =>
  (state: AppState): ManifestModel | null =>
    state.family?.find((model) => model.id === id) ?? null;

/** Whether the picture on screen has a true class: the visitor's own have none. */
export const hasTrueClass = (state: AppState): boolean => state.image.current?.kind === 'sample';

/** Its true class; `null` where nobody knows it. */
export function selectTrueClass({ image: { current } }: AppState): number | null {
  return current?.kind === 'sample' ? current.label : null;
}

/** The class whose loss (or logit) an analysis is about. */
export function selectTargetClass(state: AppState): TargetClass {
  return state.selection.loss === 'true' ? (selectTrueClass(state) ?? 'predicted') : 'predicted';
}

export const selectCanUndo = (state: AppState): boolean => state.history.past.length > 0;
export const selectCanRedo = (state: AppState): boolean => state.history.future.length > 0;

/** The models side by side in compare mode; else the teacher and the chosen student. Not for `useAppState`: a fresh array. */
export function shownModels(selection: Selection): readonly ModelId[] {
  return selection.compare.length >= 2 ? selection.compare : ['teacher', studentOf(selection)];
}
