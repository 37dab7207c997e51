import { BROWSER_ADDRESS } from '@/lib/store/address';
import { createLens, type Lens } from '@/lib/store/lens';
import { indexedDbImages, layeredImages, memoryImages } from '@/lib/store/own-images';
import { createEngineClient } from '@/lib/worker/client';
import { BROWSER_CLOCK } from '@/lib/worker/heartbeat';
import { spawnModelWorker } from '@/lib/worker/spawn';

/** Given when the export is built; see next.config.js. */
const BASE_PATH = process.env.NEXT_PUBLIC_BASE_PATH ?? '';

/** The lens in a browser. Touches nothing of it before `start`, so that a page can be rendered ahead. */
export function createBrowserLens(): Lens {
  return createLens({
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
    backbones: async (surroundings) => {
      const { browserBackbones } = await import('@/lib/store/browser-backbones');
      return browserBackbones(BASE_PATH, surroundings);
    },
    address: BROWSER_ADDRESS,
    now: () => performance.now(),
  });
}
