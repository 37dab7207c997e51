/** The desk of the Models page in a browser: its shelf, its hub, its worker. */
import { hubUrlOf } from '@/lib/checkpoints/hub-address';
import { createShelf } from '@/lib/checkpoints/shelf';
import { createModelsDesk, type ModelsDesk } from '@/lib/store/models/models-desk';
import { createEngineClient } from '@/lib/worker/client';
import { BROWSER_CLOCK } from '@/lib/worker/heartbeat';
import { spawnModelWorker } from '@/lib/worker/spawn';

/** Given when the export is built; see next.config.js. */
export const BASE_PATH = process.env.NEXT_PUBLIC_BASE_PATH ?? '';
export const HUB_URL = hubUrlOf(process.env.NEXT_PUBLIC_HUB_URL);

/** Touches nothing of the browser before `start`, so that the page can be rendered ahead. */
export function createBrowserModels(): ModelsDesk {
  return createModelsDesk({
    hubUrl: HUB_URL,
    fetch: (url, init) => fetch(url, init),
    shelf: createShelf(globalThis.caches ?? null, globalThis.navigator?.storage ?? null),
    createEngine: () =>
      createEngineClient({
        spawn: spawnModelWorker,
        clock: BROWSER_CLOCK,
        basePath: BASE_PATH,
        backend: 'auto',
        listen: () => undefined,
      }),
    now: () => Date.now(),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
}
