import { BROWSER_ADDRESS } from '@/state/address';
import { createAppStore, type Lens } from '@/state/app-store';
import { indexedDbImages, layeredImages, memoryImages } from '@/state/own-images';
import { createEngineClient } from '@/engine/client';
import { BROWSER_CLOCK } from '@/engine/heartbeat';
import { spawnModelWorker } from '@/engine/spawn';

/** Given when the export is built; see next.config.js. */
const BASE_PATH = process.env.NEXT_PUBLIC_BASE_PATH ?? '';

/** The lens in a browser. Touches nothing of it before `start`, so that a page can be rendered ahead. */
export function createBrowserStore(): Lens {
  return createAppStore({
    basePath: BASE_PATH,
    fetch: (url, init) => fetch(url, init),
    createEngine: (listen) =>
      createEngineClient({
        spawn: spawnModelWorker,
        clock: BROWSER_CLOCK,
        basePath: BASE_PATH,
        backend: 'auto',
        listen,
      }),
    ownImages: layeredImages(memoryImages(), indexedDbImages(globalThis.indexedDB ?? null)),
    backbones: async (environment) => {
      const { browserBackbones } = await import('@/state/browser-backbones');
      return browserBackbones(BASE_PATH, environment);
    },
    address: BROWSER_ADDRESS,
    now: () => performance.now(),
  });
}
