import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  GESTURE_MS,
  HISTORY_LIMIT,
  INITIAL_SELECTION,
  redo,
  replaceSelection,
  select as selectIn,
  undo,
  type SelectionSlice,
} from '@/state/selection-slice';
import { DEFAULT_SELECTION, type Selection } from '@/state/selection-types';
import { DEFAULT_FAMILY } from '@/models/families/registry';

const select = (slice: SelectionSlice, step: Partial<Selection>, atMs: number): SelectionSlice =>
  selectIn(slice, step, atMs, DEFAULT_FAMILY);

const change: fc.Arbitrary<Partial<Selection>> = fc.oneof(
  fc.record({ query: fc.nat(60) }),
  fc.record({ layer: fc.nat(3), head: fc.nat(3) }),
  fc.record({ scaling: fc.boolean() }),
);
/** Far enough apart that each is a step of its own. */
const changes = fc.array(change, { maxLength: 30 });

function selectAll(steps: readonly Partial<Selection>[], slice: SelectionSlice = INITIAL_SELECTION): SelectionSlice {
  return steps.reduce<SelectionSlice>((state, step, i) => select(state, step, i * 2 * GESTURE_MS), slice);
}

function repeat(slice: SelectionSlice, times: number, step: (slice: SelectionSlice) => SelectionSlice): SelectionSlice {
  return times === 0 ? slice : repeat(step(slice), times - 1, step);
}

describe('undo and redo', () => {
  it('undoing every step gives the beginning, redoing every one the end', () => {
    fc.assert(
      fc.property(changes, (steps) => {
        const end = selectAll(steps);
        const { past } = end.history;
        const beginning = repeat(end, past.length, undo);
        expect(beginning.selection).toEqual(DEFAULT_SELECTION);
        expect(repeat(beginning, past.length, redo).selection).toEqual(end.selection);
      }),
    );
  });

  it('a redo after an undo changes nothing, at any point', () => {
    fc.assert(
      fc.property(changes, fc.nat(10), (steps, back) => {
        const state = repeat(selectAll(steps), back, undo);
        if (state.history.past.length === 0) return;
        expect(redo(undo(state)).selection).toEqual(state.selection);
        expect(redo(undo(state)).history.future).toEqual(state.history.future);
      }),
    );
  });

  it('does nothing where there is nothing to undo or redo', () => {
    expect(undo(INITIAL_SELECTION)).toBe(INITIAL_SELECTION);
    expect(redo(INITIAL_SELECTION)).toBe(INITIAL_SELECTION);
  });

  it('a new step forgets what was undone', () => {
    const undone = undo(selectAll([{ query: 1 }, { query: 2 }]));
    expect(undone.history.future).toHaveLength(1);
    expect(select(undone, { layer: 1 }, 1e6).history.future).toEqual([]);
  });

  it('remembers a hundred steps and no more', () => {
    const state = selectAll(Array.from({ length: HISTORY_LIMIT + 20 }, (_, i) => ({ query: i % 50 })));
    expect(state.history.past).toHaveLength(HISTORY_LIMIT);
  });
});

describe('a step of the history', () => {
  it('is a whole gesture: rapid changes of one field are undone together', () => {
    const dragged = [1, 2, 3, 4].reduce((state, query, i) => select(state, { query }, 100 * i), INITIAL_SELECTION);
    expect(dragged.selection.query).toBe(4);
    expect(undo(dragged)).toMatchObject({ selection: DEFAULT_SELECTION, history: { past: [] } });
  });

  it('ends when another field changes, or when the hand rests', () => {
    const state = select(select(INITIAL_SELECTION, { query: 1 }, 0), { layer: 2 }, 10);
    expect(state.history.past).toHaveLength(2);
    expect(select(state, { layer: 1 }, 11 + GESTURE_MS).history.past).toHaveLength(3);
  });

  it('does not swallow the change that follows an undo', () => {
    const state = undo(select(select(INITIAL_SELECTION, { query: 1 }, 0), { layer: 0 }, 10));
    expect(undo(select(state, { layer: 3 }, 20)).selection).toEqual(state.selection);
  });

  it('needs a change: the same value again, or one out of range, is none', () => {
    expect(select(INITIAL_SELECTION, { query: DEFAULT_SELECTION.query }, 0)).toBe(INITIAL_SELECTION);
    expect(select(INITIAL_SELECTION, { query: 50 }, 0)).toBe(INITIAL_SELECTION);
  });

  it('is not made by the address', () => {
    const state = replaceSelection(INITIAL_SELECTION, { ...DEFAULT_SELECTION, query: 9 });
    expect(state.history.past).toEqual([]);
  });
});
