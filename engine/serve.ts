/**
 * The engine itself, as it runs inside the worker, in Node's tools and in tests: nothing here knows which of them it is.
 */
import { EngineError, toEngineError } from '@/engine/engine-error';
import type { Engine } from '@/engine/protocol';
import { servedAnalyses } from '@/engine/run-analyses';
import { exploreOnce } from '@/engine/explore';
import { compareWithGolden } from '@/engine/compare-golden';
import { inspectCheckpoint } from '@/engine/inspect-checkpoint';
import { servedLive } from '@/engine/live';
import { Resident, type ResidentParts } from '@/engine/session';
import { TraceCache } from '@/engine/trace-cache';

export interface EngineParts extends ResidentParts {
  /** Lets messages in: a cancellation waits there. */
  readonly pause: () => Promise<void>;
  readonly now: () => number;
}

export function createEngine(parts: EngineParts): Engine {
  const resident = new Resident(parts);
  let newestTicket = 0;
  let cancelledTicket = 0;
  /** Explorations that are under way; analyses wait for them. */
  const exploring = new Set<Promise<unknown>>();

  async function explored(): Promise<void> {
    while (exploring.size > 0) await Promise.allSettled(exploring);
  }

  const traces = new TraceCache(resident, parts.traceImage);

  const analysisRunners = servedAnalyses(resident, { models: parts, traces, pause: parts.pause, now: parts.now, explored });

  const live = servedLive(resident, parts);
  let openingTicket = 0;

  const explore: Engine['explore'] = async (ticket, request, onProgress) => {
    newestTicket = Math.max(newestTicket, ticket);
    const refuseOld = (): void => {
      if (ticket < newestTicket || ticket <= cancelledTicket)
        throw new EngineError('cancelled', 'A newer picture took its place.');
    };
    return resident.orOnWasm(() => exploreOnce(resident, { ...parts, traces }, request, refuseOld, onProgress));
  };

  return {
    start: ({ basePath, backend }, onProgress) =>
      named(async () => {
        await resident.start(basePath, backend, onProgress);
        return resident.info();
      }),

    explore: (ticket, request, onProgress) =>
      named(async () => {
        const mine = explore(ticket, request, onProgress);
        exploring.add(mine);
        try {
          return await mine;
        } finally {
          exploring.delete(mine);
        }
      }),

    analyze: (ticket, kind, request, pixels, onProgress) =>
      named(async () => {
        resident.normalize(pixels); // refuses what the models cannot take
        return analysisRunners.analyze(ticket, kind, request, pixels, onProgress);
      }),

    live: (ticket, request) =>
      named(async () => {
        resident.normalize(request.pixels);
        if (ticket <= cancelledTicket) throw new EngineError('cancelled', 'Nobody waits for this frame any more.');
        return live(request);
      }),

    cancelAnalysis: (kind, ticket) => named(async () => analysisRunners.cancel(ticket, kind)),
    loadCheckpoint: (request) => named(async () => resident.load(request)),

    openBackbone: (ticket, request, onProgress) =>
      named(async () => {
        openingTicket = ticket;
        return resident.orOnWasm(() =>
          resident.openBackbone(request, async (progress) => {
            onProgress(progress);
            await parts.pause();
            if (ticket < openingTicket || ticket <= cancelledTicket)
              throw new EngineError('cancelled', 'Another model took its place.');
          }),
        );
      }),
    closeBackbone: () =>
      named(async () => {
        openingTicket = Infinity;
        resident.closeBackbone();
      }),
    inspect: ({ bytes, numHeads }) => named(async () => inspectCheckpoint(parts, new Uint8Array(bytes), { numHeads })),
    compareGolden: (ticket, { checkpoint, golden, numHeads }, onProgress) =>
      named(() => {
        const step = async (done: number, total: number): Promise<void> => {
          onProgress({ kind: 'running', what: 'stages compared', done, total });
          await parts.pause();
          if (ticket <= cancelledTicket) throw new EngineError('cancelled', 'Nobody waits for it any more.');
        };
        return compareWithGolden(parts, new Uint8Array(checkpoint), new Uint8Array(golden), step, numHeads);
      }),

    cancel: (ticket) =>
      named(async () => {
        cancelledTicket = Math.max(cancelledTicket, ticket);
        analysisRunners.cancel(ticket, 'all');
      }),

    info: () => named(async () => resident.info()),
    ping: () => Promise.resolve(true),
  };
}

/** Whatever goes wrong leaves with a name and a sentence. */
async function named<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw toEngineError(error);
  }
}
