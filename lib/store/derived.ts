/** What follows from the state: selectors for `useLens`. Each returns a primitive or a stable reference. */
import type { LensState } from '@/lib/store/lens-state';
import type { Selection } from '@/lib/store/selection-types';
import type { TargetClass } from '@/lib/worker/analysis';
import type { Distortion, ManifestModel, ModelId, StudentId, Trace } from '@/lib/worker/protocol';

/** The student that the two switches name. */
export function studentOf({ scaling, ranking }: Pick<Selection, 'scaling' | 'ranking'>): StudentId {
  if (scaling) return ranking ? 'bi-vit' : 'scaling';
  return ranking ? 'ranking' : 'baseline';
}

export const selectStudent = (state: LensState): StudentId => studentOf(state.selection);

export const selectTrace =
  (id: ModelId) =>
  (state: LensState): Trace | null =>
    state.results.current?.traces[id] ?? null;

export const selectTeacherTrace = selectTrace('teacher');

export const selectStudentTrace = (state: LensState): Trace | null => selectTrace(selectStudent(state))(state);

export const selectDistortion =
  (id: StudentId) =>
  (state: LensState): Distortion | null =>
    state.results.current?.distortions[id] ?? null;

/** Of the student that the switches name. */
export const selectStudentDistortion = (state: LensState): Distortion | null =>
  selectDistortion(selectStudent(state))(state);

export const selectManifestModel =
  (id: ModelId) =>
  (state: LensState): ManifestModel | null =>
    state.family?.find((model) => model.id === id) ?? null;

/** Whether the picture on screen has a true class: the visitor's own have none. */
export const hasTrueClass = (state: LensState): boolean => state.image.current?.kind === 'sample';

/** Its true class; `null` where nobody knows it. */
export function selectTrueClass({ image: { current } }: LensState): number | null {
  return current?.kind === 'sample' ? current.label : null;
}

/** The class whose loss (or logit) an analysis is about. */
export function selectTargetClass(state: LensState): TargetClass {
  return state.selection.loss === 'true' ? (selectTrueClass(state) ?? 'predicted') : 'predicted';
}

export const selectCanUndo = (state: LensState): boolean => state.history.past.length > 0;
export const selectCanRedo = (state: LensState): boolean => state.history.future.length > 0;

/** The models side by side in compare mode; else the teacher and the chosen student. Not for `useLens`: a fresh array. */
export function shownModels(selection: Selection): readonly ModelId[] {
  return selection.compare.length >= 2 ? selection.compare : ['teacher', studentOf(selection)];
}
