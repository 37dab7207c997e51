/**
 * The model worker: the one place of the app where `lib/` and `models/` meet, and where tfjs lives.
 */
import { expose, releaseProxy, transfer, type Remote } from 'comlink';
import { loadKernels } from '@/lib/kernels/load-kernels';
import { toEngineError } from '@/engine/engine-error';
import type { Engine, Progress } from '@/engine/protocol';
import { createEngine } from '@/engine/serve';
import { tfjsTensors } from '@/engine/tensors';
import { buffersOf, ownCopy } from '@/engine/transfer';
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

type OnProgress = (progress: Progress) => void;

const engine = createEngine({
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
  tensors: tfjsTensors((basePath) => `${basePath}/tfjs/`),
  fetch: (url, init) => fetch(url, init),
  // A task of its own: messages that wait are handled before the next model runs.
  pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
  now: () => performance.now(),
});

/** The engine as it is reached through messages: errors cross as data, traces without a copy. */
const served: Engine = {
  start: (options, onProgress) => answer(() => engine.start(options, onProgress), onProgress),
  explore: (ticket, request, onProgress) =>
    answer(async () => {
      const exploration = ownCopy(await engine.explore(ticket, request, onProgress));
      return transfer(exploration, buffersOf(exploration));
    }, onProgress),
  analyze: (ticket, kind, request, pixels, onProgress) =>
    answer(async () => {
      const result = ownCopy(await engine.analyze(ticket, kind, request, pixels, onProgress));
      return transfer(result, buffersOf(result));
    }, onProgress),
  cancelAnalysis: (kind, ticket) => answer(() => engine.cancelAnalysis(kind, ticket)),
  live: (ticket, request) =>
    answer(async () => {
      const frame = await engine.live(ticket, request);
      return transfer(frame, buffersOf(frame));
    }),
  loadCheckpoint: (request) => answer(() => engine.loadCheckpoint(request)),
  openBackbone: (ticket, request, onProgress) =>
    answer(() => engine.openBackbone(ticket, request, onProgress), onProgress),
  closeBackbone: () => answer(() => engine.closeBackbone()),
  inspect: (request) => answer(() => engine.inspect(request)),
  compareGolden: (ticket, request, onProgress) =>
    answer(() => engine.compareGolden(ticket, request, onProgress), onProgress),
  cancel: (ticket) => answer(() => engine.cancel(ticket)),
  info: () => answer(() => engine.info()),
  ping: () => engine.ping(),
};

async function answer<T>(task: () => Promise<T>, onProgress?: (progress: never) => void): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw toEngineError(error).data;
  } finally {
    if (onProgress !== undefined) release(onProgress);
  }
}

/** What arrives as a callback is a channel to the page's function, and stays open until it is given back. */
function release(onProgress: (progress: never) => void): void {
  (onProgress as Remote<OnProgress>)[releaseProxy]();
}

expose(served);
