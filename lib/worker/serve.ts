/**
 * The engine itself, as it runs inside the worker, in Node's tools and in tests: nothing here knows which of them it is.
 */
import { EngineError, toEngineError } from '@/lib/worker/engine-error';
import { FAMILY, type Engine } from '@/lib/worker/protocol';
import { servedAnalyst } from '@/lib/worker/serve-analyze';
import { exploreOnce } from '@/lib/worker/serve-explore';
import { servedLive } from '@/lib/worker/serve-live';
import { Resident, type ResidentParts } from '@/lib/worker/serve-resident';

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

  const analyst = servedAnalyst(resident, { models: parts, pause: parts.pause, now: parts.now, explored });

  const live = servedLive(resident, parts);

  const explore: Engine['explore'] = async (ticket, request, onProgress) => {
    newestTicket = Math.max(newestTicket, ticket);
    checkPixels(request.pixels);
    const refuseOld = (): void => {
      if (ticket < newestTicket || ticket <= cancelledTicket)
        throw new EngineError('cancelled', 'A newer picture took its place.');
    };
    return resident.orOnWasm(() => exploreOnce(resident, parts, request, refuseOld, onProgress));
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
        checkPixels(pixels);
        return analyst.analyze(ticket, kind, request, pixels, onProgress);
      }),

    live: (ticket, request) =>
      named(async () => {
        checkPixels(request.pixels);
        if (ticket <= cancelledTicket) throw new EngineError('cancelled', 'Nobody waits for this frame any more.');
        return live(request);
      }),

    cancelAnalysis: (kind, ticket) => named(async () => analyst.cancel(ticket, kind)),
    loadCheckpoint: (request) => named(async () => resident.load(request)),

    cancel: (ticket) =>
      named(async () => {
        cancelledTicket = Math.max(cancelledTicket, ticket);
        analyst.cancel(ticket, 'all');
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

function checkPixels(pixels: Float32Array): void {
  const size = FAMILY.imageSize ** 2;
  if (pixels.length !== size || !pixels.every((value) => value >= 0 && value <= 1)) {
    throw new EngineError(
      'image',
      `The models take ${size} grey values between 0 and 1; this picture has others. Choose another one.`,
    );
  }
}
