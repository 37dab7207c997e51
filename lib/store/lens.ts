import type { StoreApi } from 'zustand/vanilla';
import type { LensActions, LensState } from '@/lib/store/lens-state';

/** A store, what may be done to it, and its beginning and end. */
export interface Lens {
  readonly store: StoreApi<LensState>;
  readonly actions: LensActions;
  /** Reads the address, fetches what it needs and starts the engine. May be called again after stopping. @returns stops everything */
  readonly start: () => () => void;
}
