/** The Models page's store in React. */
'use client';

import { createContext, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ModelsStore } from '@/state/models/models-store';
import type { ModelsActions, ModelsState } from '@/state/models/models-state';

export const ModelsContext = createContext<ModelsStore | null>(null);

function useDesk(): ModelsStore {
  const store = useContext(ModelsContext);
  if (store === null) throw new Error('This needs a ModelsContext around it.');
  return store;
}

/** @param select must return something stable */
export function useModels<T>(select: (state: ModelsState) => T): T {
  return useStore(useDesk().store, select);
}

export function useModelsActions(): ModelsActions {
  return useDesk().actions;
}

/** Makes the page's store once, starts it when the page is on screen and ends it when the page goes. */
export function useModelsRoot(create: () => ModelsStore): ModelsStore {
  const [store] = useState(create);
  useEffect(() => store.start(), [store]);
  return store;
}
