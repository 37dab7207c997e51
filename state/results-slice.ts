/** Which exploration is shown. */
import type { CurrentImage, ResultsState } from '@/state/app-state';
import type { Exploration } from '@/engine/protocol';
import { pixelsKey } from '@/state/image-slice';

export const INITIAL_RESULTS: ResultsState = {
  current: null,
  key: null,
  stale: false,
  prepared: false,
  trueClass: null,
};

/** The true class of a picture; `null` where nobody knows it: a person's own has none. */
export function trueClassOf(image: CurrentImage | null): number | null {
  return image?.kind === 'sample' ? image.sample.classIndex : null;
}

export function showResult(image: CurrentImage, current: Exploration, prepared: boolean): ResultsState {
  return { current, key: pixelsKey(image), stale: false, prepared, trueClass: trueClassOf(image) };
}

/** What is shown stays until there is something newer, and says that it is of an earlier image. */
export function markStale(results: ResultsState): ResultsState {
  return results.current === null ? results : { ...results, stale: true };
}
