/** The store of the Models page in a browser: its cache, its hub, its worker. */
import { hubUrlOf } from '@/lib/checkpoints/hub-address';
import { createCheckpointCache } from '@/lib/checkpoints/checkpoint-cache';
import { createModelsStore, type ModelsStore } from '@/state/models/models-store';
import { createEngineClient } from '@/engine/client';
import { BROWSER_CLOCK } from '@/engine/heartbeat';
import type { SpawnedWorker } from '@/engine/spawned-worker';

/** Given when the export is built; see next.config.js. */
export const BASE_PATH = process.env.NEXT_PUBLIC_BASE_PATH ?? '';
export const HUB_URL = hubUrlOf(process.env.NEXT_PUBLIC_HUB_URL);

/** Touches nothing of the browser before `start`, so that the page can be rendered ahead. */
export function createBrowserModels(spawn: () => SpawnedWorker): ModelsStore {
  return createModelsStore({
    hubUrl: HUB_URL,
    fetch: (url, init) => fetch(url, init),
    cache: createCheckpointCache(globalThis.caches ?? null, globalThis.navigator?.storage ?? null),
    createEngine: () =>
      createEngineClient({
        spawn,
        clock: BROWSER_CLOCK,
        basePath: BASE_PATH,
        backend: 'auto',
        listen: () => undefined,
      }),
    now: () => Date.now(),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
}
