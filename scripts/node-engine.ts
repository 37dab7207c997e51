/** The app's engine in Node, on the files in `models/families/fashion-mnist`: for command-line tools and tests. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadKernels } from '@/lib/kernels/load-kernels';
import type { Fetch } from '@/engine/manifest';
import type { Engine } from '@/engine/protocol';
import { createEngine, type EngineParts } from '@/engine/serve';
import { tfjsTensors } from '@/engine/tensors';
import { binarizeModel } from '@/models/binarize';
import { configOf } from '@/models/infer-config';
import { liveFrame } from '@/models/live';
import { createModel } from '@/models/model';
import { pathOf } from '@/models/packed';
import { checkParity } from '@/models/parity';
import { quantizeToBits } from '@/models/precision';
import { predictClasses } from '@/models/predict';
import { repairMap } from '@/models/repair';
import { randomModel, timedForward } from '@/models/speed';
import { traceImage } from '@/models/trace';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';

export const CHECKPOINTS = fileURLToPath(new URL('../models/families/fashion-mnist', import.meta.url));

const KERNELS = fileURLToPath(new URL('../public/kernels', import.meta.url));

/** Answers `/models/<file>` with the file of that name below `folder`, `/kernels/<file>` with the built one; all else does not exist. */
export function fileFetch(folder: string = CHECKPOINTS): Fetch {
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

export function createNodeEngine(overrides: Partial<EngineParts> = {}): Engine {
  return createEngine({
    configOf,
    createModel,
    traceImage,
    pathOf,
    loadKernels,
    repairMap,
    quantizeModel: quantizeToBits,
    binarizeModel,
    checkParity,
    predictClasses,
    liveFrame,
    randomModel,
    timedForward,
    tensors: tfjsTensors(() => WASM_DIRECTORY),
    fetch: fileFetch(),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    now: () => performance.now(),
    ...overrides,
  });
}
