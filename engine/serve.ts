/** The engine itself, as it runs inside the worker, in Node's tools and in tests: nothing here knows which of them it is. */
import type { RegisteredCompute } from '@/engine/compute';
import { compareWithGolden } from '@/engine/compare-golden';
import { EngineError, toEngineError } from '@/engine/engine-error';
import { exploreOnce } from '@/engine/explore';
import { inspectCheckpoint } from '@/engine/inspect-checkpoint';
import { liveFrames } from '@/engine/live';
import type { Engine } from '@/engine/protocol';
import { ALL_ANALYSES, runAnalyses } from '@/engine/run-analyses';
import { Session, type EngineEnvironment } from '@/engine/session';
import { TraceCache } from '@/engine/trace-cache';

export type { EngineEnvironment };

/** @param computes every analysis that it can answer; `analyses/computes.ts` has the app's */
export function createEngine(environment: EngineEnvironment, computes: readonly RegisteredCompute[]): Engine {
  const { pause, now } = environment;
  const session = new Session(environment);
  const traces = new TraceCache(session);
  let newestTicket = 0;
  let cancelledTicket = 0;
  let openingTicket = 0;
  const opening = new Set<Promise<unknown>>();
  const exploring = new Set<Promise<unknown>>();

  /** While it runs it counts as one of those, which others wait for. */
  async function among<T>(running: Set<Promise<unknown>>, task: () => Promise<T>): Promise<T> {
    const mine = task();
    running.add(mine);
    try {
      return await mine;
    } finally {
      running.delete(mine);
    }
  }
  const ended = async (running: Set<Promise<unknown>>): Promise<void> => {
    while (running.size > 0) await Promise.allSettled(running);
  };
  const idle = async (): Promise<void> => {
    await ended(opening);
    await ended(exploring);
  };

  const analyses = runAnalyses(session, { computes, traces, pause, now, idle });
  const live = liveFrames(session, environment);
  const cancelled = (sentence: string): EngineError => new EngineError('cancelled', sentence);

  return {
    start: ({ basePath, backend }) =>
      named(async () => {
        await session.start(basePath, backend);
        return session.info();
      }),

    openFamily: (ticket, request, pictures, onProgress) =>
      named(() => {
        openingTicket = ticket;
        const refuseOld = (): void => {
          if (ticket < openingTicket || ticket <= cancelledTicket) throw cancelled('Another model took its place.');
        };
        return among(opening, () =>
          session.orOnWasm(() =>
            session.openFamily(request, pictures, async (progress) => {
              onProgress(progress);
              await pause();
              refuseOld();
            }),
          ),
        );
      }),

    replaceMember: (request) => named(async () => session.replaceMember(request)),

    explore: (ticket, request, onProgress) =>
      named(async () => {
        newestTicket = Math.max(newestTicket, ticket);
        await ended(opening);
        const refuseOld = (): void => {
          if (ticket < newestTicket || ticket <= cancelledTicket) throw cancelled('A newer picture took its place.');
        };
        const context = { traces, pause, now, refuseOld, onProgress };
        return among(exploring, () => session.orOnWasm(() => exploreOnce(session, request, context)));
      }),

    analyze: (ticket, { id }, request, pixels, onProgress) =>
      named(async () => {
        await ended(opening);
        session.normalize(pixels); // refuses what the models cannot take
        return (await analyses.analyze(ticket, id, request, pixels, onProgress)) as never; // typed by the analysis
      }),

    live: (ticket, request) =>
      named(async () => {
        await ended(opening);
        if (ticket <= cancelledTicket) throw cancelled('Nobody waits for this frame any more.');
        return live(request);
      }),

    cancelAnalysis: (id, ticket) => named(async () => analyses.cancel(ticket, id)),
    inspect: ({ bytes, numHeads }) => named(async () => inspectCheckpoint(new Uint8Array(bytes), { numHeads })),
    compareGolden: (ticket, { checkpoint, golden, numHeads }, onProgress) =>
      named(() => {
        const step = async (done: number, total: number): Promise<void> => {
          onProgress({ kind: 'running', what: 'stages compared', done, total });
          await pause();
          if (ticket <= cancelledTicket) throw cancelled('Nobody waits for it any more.');
        };
        return compareWithGolden(new Uint8Array(checkpoint), new Uint8Array(golden), step, numHeads);
      }),

    cancel: (ticket) =>
      named(async () => {
        cancelledTicket = Math.max(cancelledTicket, ticket);
        analyses.cancel(ticket, ALL_ANALYSES);
      }),

    info: () => named(async () => session.info()),
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
