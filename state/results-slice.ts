/** Which exploration is shown. */
import type { ResultsState } from '@/state/app-state';
import type { Exploration } from '@/engine/protocol';

export const INITIAL_RESULTS: ResultsState = { current: null, key: null, stale: false, prepared: false };

export function showResult(key: string, current: Exploration, prepared: boolean): ResultsState {
  return { current, key, stale: false, prepared };
}

/** What is shown stays until there is something newer, and says that it is of an earlier image. */
export function markStale(results: ResultsState): ResultsState {
  return results.current === null ? results : { ...results, stale: true };
}
