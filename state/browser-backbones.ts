/** The desk for a visitor's own models in a browser: its shelf, and what the export ships for them. */
import { createCheckpointCache } from '@/lib/checkpoints/checkpoint-cache';
import { loadClassLabels } from '@/lib/images/class-labels';
import { decodeBlob } from '@/lib/images/decode';
import { loadPhotographs } from '@/lib/images/photographs';
import { backboneDesk, type BackboneDesk, type DeskSurroundings } from '@/state/backbone-desk';
import { OWN_IMAGE_MAX_PIXELS } from '@/state/app-state';
import { fetchOrExplain } from '@/engine/manifest';

export function browserBackbones(
  basePath: string,
  environment: Omit<DeskSurroundings, 'shelf' | 'photographs'>,
): BackboneDesk {
  const get = (url: string, init?: RequestInit) => fetch(url, init);
  return backboneDesk({
    ...environment,
    shelf: createCheckpointCache(globalThis.caches ?? null, globalThis.navigator?.storage ?? null),
    photographs: {
      list: () => loadPhotographs(get, basePath),
      open: async ({ url, title }) => {
        const response = await fetchOrExplain(get, url, `the photograph “${title}”`);
        return (await decodeBlob(await response.blob(), { maxPixels: OWN_IMAGE_MAX_PIXELS })).image;
      },
      classNames: (classes) => loadClassLabels(get, basePath, classes),
    },
  });
}
