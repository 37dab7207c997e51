/** The Models page's desk in React. */
'use client';

import { createContext, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ModelsStore } from '@/state/models/models-store';
import type { ModelsActions, ModelsState } from '@/state/models/models-state';

export const ModelsContext = createContext<ModelsStore | null>(null);

function useDesk(): ModelsStore {
  const desk = useContext(ModelsContext);
  if (desk === null) throw new Error('This needs a ModelsContext around it.');
  return desk;
}

/** @param select must return something stable */
export function useModels<T>(select: (state: ModelsState) => T): T {
  return useStore(useDesk().store, select);
}

export function useModelsActions(): ModelsActions {
  return useDesk().actions;
}

/** Makes the desk of a page once, starts it when the page is on screen and ends it when the page goes. */
export function useModelsRoot(create: () => ModelsStore): ModelsStore {
  const [desk] = useState(create);
  useEffect(() => desk.start(), [desk]);
  return desk;
}
