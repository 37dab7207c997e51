/** The selection and its history: pure steps from state to state. */
import type { AppState } from '@/state/app-state';
import { memberIds, studentFor, type ModelFamily } from '@/models/families/family';
import { layerAt, queryCount } from '@/models/architectures/layer-shape';
import { acceptedFields, sameValue, SELECTION_FIELDS, withinFamily } from '@/state/selection-url';
import { DEFAULT_SELECTION, type Selection } from '@/state/selection-types';

export type SelectionSlice = Pick<AppState, 'selection' | 'history'>;

export const HISTORY_LIMIT = 100;
/** Changes of the same fields closer together than this are one gesture: a drag, a held arrow key. */
export const GESTURE_MS = 400;

export const INITIAL_SELECTION: SelectionSlice = {
  selection: DEFAULT_SELECTION,
  history: { past: [], future: [], last: null },
};

/**
 * A change that can be undone. Values out of their range are dropped; nothing left to change leaves the state as it is. A layer with
 * fewer heads takes its last one.
 */
export function select(
  slice: SelectionSlice,
  change: Partial<Selection>,
  atMs: number,
  family: ModelFamily,
): SelectionSlice {
  const { selection, history } = slice;
  const accepted: Selection = { ...selection, ...withinFamily(acceptedFields(change), family, selection.layer) };
  const next = { ...accepted, head: Math.min(accepted.head, layerAt(family.layers, accepted.layer).heads - 1) };
  const changed = SELECTION_FIELDS.filter((field) => !sameValue(field, selection, next));
  if (changed.length === 0) return slice;
  const fields = changed.join();
  const isSameGesture = history.last?.fields === fields && atMs - history.last.atMs < GESTURE_MS;
  const past = isSameGesture ? history.past : [...history.past, selection].slice(-HISTORY_LIMIT);
  return { selection: next, history: { past, future: [], last: { fields, atMs } } };
}

export function undo(slice: SelectionSlice): SelectionSlice {
  const { past, future } = slice.history;
  const previous = past.at(-1);
  if (previous === undefined) return slice;
  return {
    selection: previous,
    history: { past: past.slice(0, -1), future: [slice.selection, ...future], last: null },
  };
}

export function redo(slice: SelectionSlice): SelectionSlice {
  const { past, future } = slice.history;
  const [next, ...rest] = future;
  if (next === undefined) return slice;
  return { selection: next, history: { past: [...past, slice.selection], future: rest, last: null } };
}

/** A change that is nobody's step: the address at start, or a picture that is gone. */
export function replaceSelection(slice: SelectionSlice, selection: Selection): SelectionSlice {
  return { selection, history: { ...slice.history, last: null } };
}

/** A selection that the family can show: a new family keeps what it has of it, and its nearest student. */
export function familySelection(selection: Selection, family: ModelFamily, isNew: boolean): Selection {
  const layer = Math.min(selection.layer, family.layers.length - 1);
  const head = Math.min(selection.head, layerAt(family.layers, layer).heads - 1);
  const queries = queryCount(family.layers);
  const query = isNew && selection.query >= queries ? 0 : Math.min(selection.query, queries - 1);
  // In the family's order, whatever the address says.
  const compare = memberIds(family).filter((id) => selection.compare.includes(id));
  const switches = studentFor(family, selection)?.switches ?? {
    scaling: selection.scaling,
    ranking: selection.ranking,
  };
  return { ...selection, layer, head, query, compare: compare.length >= 2 ? compare : [], ...switches };
}
