/** The app's engine in Node, on the files in `models/families`: for command-line tools and tests. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { COMPUTES } from '@/analyses/computes';
import type { Fetch } from '@/engine/fetch';
import type { BackendName, Engine, EngineInfo, FamilyPictures } from '@/engine/protocol';
import { createEngine, type EngineEnvironment } from '@/engine/serve';
import { tfjsTensors } from '@/engine/tensors';
import { loadKernels } from '@/lib/kernels/load-kernels';
import type { ModelFamily } from '@/models/families/family';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';
import { samplePictures } from '@/state/family-loader';
import { sampleSource } from '@/state/sample-sources';

export const FAMILIES = fileURLToPath(new URL('../models/families', import.meta.url));
/** Of the family that the app opens with. */
export const CHECKPOINTS = `${FAMILIES}/${DEFAULT_FAMILY.id}`;

const KERNELS = fileURLToPath(new URL('../public/kernels', import.meta.url));

/** Answers `/models/<family>/<file>` with the file below `folder`, `/kernels/<file>` with the built one; all else does not exist. */
export function fileFetch(folder: string = FAMILIES): Fetch {
  return async (url) => {
    const [, kind, file] = /\/(models|kernels)\/([\w./-]+)$/.exec(url) ?? [];
    if (file === undefined) return new Response(null, { status: 404 });
    try {
      return new Response(await readFile(`${kind === 'models' ? folder : KERNELS}/${file}`));
    } catch {
      return new Response(null, { status: 404 });
    }
  };
}

export function createNodeEngine(overrides: Partial<EngineEnvironment> = {}): Engine {
  const environment: EngineEnvironment = {
    loadKernels,
    tensors: tfjsTensors(() => WASM_DIRECTORY),
    fetch: fileFetch(),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    now: () => performance.now(),
    ...overrides,
  };
  return createEngine(environment, COMPUTES);
}

/** The samples of an embedded family, as the worker asks the page for them. */
export function familyPictures(family: ModelFamily = DEFAULT_FAMILY, fetch: Fetch = fileFetch()): FamilyPictures {
  const source = sampleSource(family, { fetch, basePath: '' });
  return {
    preprocessing: () => Promise.resolve(family.preprocessing),
    samples: async (count) =>
      samplePictures((await source.list()).slice(0, count), (sample) => source.image(sample, family.preprocessing)),
  };
}

/** Starts an engine and opens an embedded family in it. @param ticket of the opening: newer than any before */
export async function startWithFamily(
  engine: Engine,
  backend: BackendName = 'wasm',
  family: ModelFamily = DEFAULT_FAMILY,
  ticket = 1,
): Promise<EngineInfo> {
  await engine.start({ basePath: '', backend });
  const request = { familyId: family.id, weights: 'embedded', trained: null, recipe: null } as const;
  await engine.openFamily(ticket, request, familyPictures(family), () => {});
  return engine.info();
}
