/** The model worker: where the engine meets the analyses, and where tfjs lives. */
import { expose, releaseProxy, transfer, type Remote } from 'comlink';
import { COMPUTES } from '@/analyses/computes';
import { toEngineError } from '@/engine/engine-error';
import type { Engine, FamilyPictures, Progress } from '@/engine/protocol';
import { createEngine } from '@/engine/serve';
import { tfjsTensors } from '@/engine/tensors';
import { buffersOf, ownCopy } from '@/engine/transfer';
import { loadKernels } from '@/lib/kernels/load-kernels';

type OnProgress = (progress: Progress) => void;

const engine = createEngine(
  {
    loadKernels,
    tensors: tfjsTensors((basePath) => `${basePath}/tfjs/`),
    fetch: (url, init) => fetch(url, init),
    // A task of its own: messages that wait are handled before the next model runs.
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    now: () => performance.now(),
  },
  COMPUTES,
);

/** The engine as it is reached through messages: errors cross as data, arrays without a copy. */
const served: Engine = {
  start: (options) => answer(() => engine.start(options)),
  openFamily: (ticket, request, pictures, onProgress) =>
    answer(() => engine.openFamily(ticket, request, remotePictures(pictures), onProgress), onProgress),
  replaceMember: (request) => answer(() => engine.replaceMember(request)),
  explore: (ticket, request, onProgress) =>
    answer(async () => handOver(await engine.explore(ticket, request, onProgress)), onProgress),
  analyze: (ticket, analysis, request, pixels, onProgress) =>
    answer(async () => handOver(await engine.analyze(ticket, analysis, request, pixels, onProgress)), onProgress),
  cancelAnalysis: (id, ticket) => answer(() => engine.cancelAnalysis(id, ticket)),
  live: (ticket, request) =>
    answer(async () => {
      const frame = await engine.live(ticket, request);
      return transfer(frame, buffersOf(frame));
    }),
  inspect: (request) => answer(() => engine.inspect(request)),
  compareGolden: (ticket, request, onProgress) =>
    answer(() => engine.compareGolden(ticket, request, onProgress), onProgress),
  cancel: (ticket) => answer(() => engine.cancel(ticket)),
  info: () => answer(() => engine.info()),
  ping: () => engine.ping(),
};

/** Kept arrays are copied here, where it does not hold up the page; the others are transferred. */
function handOver<T>(result: T): T {
  const own = ownCopy(result);
  return transfer(own, buffersOf(own));
}

/** Two channels to the page, which stay open as long as the family. */
function remotePictures({ preprocessing, samples }: FamilyPictures): FamilyPictures {
  return { preprocessing: (config) => preprocessing(config), samples: (count, known) => samples(count, known) };
}

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
