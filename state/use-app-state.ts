/** The store in React; no other file of it knows React. */
'use client';

import { createContext, startTransition, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { AppStore } from '@/state/app-store';
import type { AppActions, AppState, ResultsState } from '@/state/app-state';

/** `<AppStoreContext value={useAppStoreRoot(createBrowserStore)}>` around the panels; a test passes a store made of fakes. */
export const AppStoreContext = createContext<AppStore | null>(null);

/** The results as they are drawn: see `useResults`. `null` where nobody holds them back. */
export const ResultsContext = createContext<ResultsState | null>(null);

function useAppStore(): AppStore {
  const app = useContext(AppStoreContext);
  if (app === null) throw new Error('A panel needs an AppStoreContext around it.');
  return app;
}

/**
 * Around what is too much to draw at once: the state reaches it in pieces of work between which React listens to the user, so it
 * may be a moment behind. Never changes for a component.
 */
export const CalmContext = createContext(false);

/** @param select must return a primitive or something stable, else React renders forever; see `useAppStateShallow` */
export function useAppState<T>(select: (state: AppState) => T): T {
  const { store } = useAppStore();
  const isCalm = useContext(CalmContext);
  const held = useHeldState(store, select, isCalm);
  const state = (): AppState => (isCalm ? held : store.getState());
  return useSyncExternalStore(
    isCalm ? NEVER : store.subscribe,
    () => select(state()),
    () => select(store.getInitialState()),
  );
}

const NEVER = (): (() => void) => () => {};

/** The newest state in which something differs that is selected, as a transition brings it. */
function useHeldState<T>(store: AppStore['store'], select: (state: AppState) => T, isCalm: boolean): AppState {
  const [held, hold] = useState(store.getState);
  useEffect(() => {
    if (!isCalm) return undefined;
    const look = (): void => {
      const state = store.getState();
      startTransition(() => hold((before) => (Object.is(select(before), select(state)) ? before : state)));
    };
    look();
    return store.subscribe(look);
  }, [store, select, isCalm]);
  return held;
}

/**
 * For what follows from the results. New ones redraw most of the page: React does it in pieces between which it listens to the
 * user, so they may be a moment behind the rest of the state.
 */
export function useResults<T>(select: (state: AppState) => T): T {
  const results = useContext(ResultsContext);
  return useAppState((state) => select(results === null ? state : { ...state, results }));
}

/** For selectors that make a fresh object or array of stable parts. */
export function useAppStateShallow<T>(select: (state: AppState) => T): T {
  return useStore(useAppStore().store, useShallow(select));
}

export function useActions(): AppActions {
  return useAppStore().actions;
}

/** Makes the page's store once, starts it when the page is on screen and stops it when the page goes. */
export function useAppStoreRoot(create: () => AppStore): AppStore {
  const [app] = useState(create);
  useEffect(() => app.start(), [app]);
  return app;
}
