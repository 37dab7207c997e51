import { createEngineClient } from '@/engine/client';
import { BROWSER_CLOCK } from '@/engine/heartbeat';
import type { SpawnedWorker } from '@/engine/spawned-worker';
import { BROWSER_ADDRESS } from '@/state/address';
import { createAppStore, type AppStore } from '@/state/app-store';
import { indexedDbImages, layeredImages, memoryImages } from '@/state/own-images';

/** Given when the export is built; see next.config.js. */
const BASE_PATH = process.env.NEXT_PUBLIC_BASE_PATH ?? '';

/** The store in a browser. Touches nothing of it before `start`, so that a page can be rendered ahead. @param spawn starts the model worker */
export function createBrowserStore(spawn: () => SpawnedWorker): AppStore {
  const site = { basePath: BASE_PATH, fetch: (url: string, init?: RequestInit) => fetch(url, init) };
  return createAppStore({
    ...site,
    createEngine: (listen) =>
      createEngineClient({ spawn, clock: BROWSER_CLOCK, basePath: BASE_PATH, backend: 'auto', listen }),
    ownImages: layeredImages(memoryImages(), indexedDbImages(globalThis.indexedDB !== undefined)),
    checkpoints: async () => (await import('@/state/checkpoint-families')).browserCheckpoints(site),
    address: BROWSER_ADDRESS,
    now: () => performance.now(),
  });
}
