/**
 * The page's side of the engine: one worker at a time, watched, and replaced when it dies.
 *
 * A call to a dead worker would wait for ever, so no call waits for the worker alone: jobs belong to the client, and what a
 * dead worker left undone is given to the next one.
 */
import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import type { AnalysisKind, AnalysisProgress, AnalysisRequest } from '@/engine/analysis';
import type { GoldenReport, OpenBackboneRequest, OpenedBackbone } from '@/engine/backbone';
import { liveCalls } from '@/engine/client-live';
import type { EngineClient, EngineClientOptions, EngineEvent } from '@/engine/client-types';
import { EngineError, toEngineError } from '@/engine/engine-error';
import { startHeartbeat } from '@/engine/heartbeat';
import type {
  Engine,
  EngineInfo,
  Exploration,
  LoadCheckpointRequest,
  LoadedCheckpoint,
  Progress,
} from '@/engine/protocol';

export type { EngineClient, EngineClientOptions, EngineEvent };

/** With the third death within a minute nothing is gained by trying again. */
const DEATHS_ALLOWED = 3;
const DEATHS_WITHIN_MS = 60_000;
const FIRST_BACKOFF_MS = 250;

/** A worker's first word comes once its scripts are here, which a slow network may take long for. */
const FIRST_WORD_WITHIN_MS = 60_000;
const NO_FIRST_WORD =
  'The part of this app that runs the models has not answered for a minute. Check the connection, then press Restart or reload the page.';

/** A worker from its birth to its death. */
interface Life {
  readonly remote: Remote<Engine>;
  readonly end: () => void;
  started: boolean;
}

interface Job {
  readonly run: (remote: Remote<Engine>) => Promise<void>;
  readonly reject: (error: EngineError) => void;
}

export function createEngineClient({ spawn, clock, basePath, listen, ...options }: EngineClientOptions): EngineClient {
  let backend = options.backend;
  let life: Life | null = null;
  let ticket = 0;
  let deaths: readonly number[] = [];
  let cancelRebirth = (): void => {};
  let failure: EngineError | null = null;
  const jobs = new Set<Job>();
  let exploring: Job | null = null;
  const analyzing = new Map<AnalysisKind, Job>();
  /** Checkpoints that the visitor brought, for the next worker. */
  const brought = new Map<string, LoadCheckpointRequest>();

  /** What is open in the family's place, for the next worker. */
  let backbone: OpenBackboneRequest | null = null;
  let opening: Job | null = null;

  const live = liveCalls(
    () => (life?.started === true ? life.remote : null),
    () => ++ticket,
  );

  const onProgress = (progress: Progress): void => listen({ kind: 'progress', progress });

  function begin(): void {
    const worker = spawn();
    const remote = wrap<Engine>(worker.endpoint);
    let stopHeartbeat = (): void => {};
    const stopWaiting = clock.after(FIRST_WORD_WITHIN_MS, () => {
      if (life === mine) fail(new EngineError('network', NO_FIRST_WORD));
    });
    const mine: Life = {
      remote,
      started: false,
      end: () => {
        stopWaiting();
        stopHeartbeat();
        worker.terminate();
        live.drop();
      },
    };
    life = mine;
    worker.onError((message) => die(mine, message));
    // The first question waits for the script to arrive: only after its answer a short silence means death.
    void remote.ping().then(() => {
      if (life !== mine) return;
      stopWaiting();
      const isBusy = (): boolean => !mine.started || jobs.size > 0 || live.isPending();
      const onSilence = (): void => die(mine, 'it stopped answering');
      stopHeartbeat = startHeartbeat({ clock, ping: () => remote.ping(), isBusy, onSilence });
    }, ignore);
    listen({ kind: 'loading' });
    void start(mine);
  }

  async function start(mine: Life): Promise<void> {
    try {
      let info = await mine.remote.start({ basePath, backend }, proxy(onProgress));
      for (const request of brought.values()) {
        await mine.remote.loadCheckpoint(request);
        info = await mine.remote.info();
      }
      if (backbone !== null) {
        await mine.remote.openBackbone(++ticket, backbone, proxy(onProgress));
        info = await mine.remote.info();
      }
      if (life !== mine) return;
      mine.started = true;
      listen({ kind: 'ready', info, runMs: null });
      for (const job of jobs) void job.run(mine.remote);
    } catch (thrown) {
      if (life === mine) fail(toEngineError(thrown));
    }
  }

  function die(dead: Life, cause: string): void {
    if (life !== dead) return;
    dead.end();
    life = null;
    const nowMs = clock.now();
    deaths = [...deaths.filter((atMs) => nowMs - atMs < DEATHS_WITHIN_MS), nowMs];
    if (deaths.length >= DEATHS_ALLOWED) {
      const sentence = `The worker that runs the models stopped ${deaths.length} times within a minute (${cause}). Close other tabs and start it again.`;
      fail(new EngineError('worker-died', sentence));
      return;
    }
    listen({
      kind: 'restarting',
      sentence: `The worker that runs the models stopped (${cause}); a new one takes over.`,
    });
    cancelRebirth = clock.after(FIRST_BACKOFF_MS * 2 ** (deaths.length - 1), begin);
  }

  function fail(error: EngineError): void {
    end();
    failure = error;
    listen({ kind: 'failed', error: error.data });
    for (const job of [...jobs]) job.reject(error);
  }

  function end(): void {
    cancelRebirth();
    life?.end();
    life = null;
  }

  /** Does `call` on the present worker, or on the next one if that dies first. Only a run over all models is timed and announced. */
  function enqueue<T>(call: (remote: Remote<Engine>) => Promise<T>, isRun = false): { job: Job; result: Promise<T> } {
    let resolve = (_value: T): void => {};
    let reject = (_error: EngineError): void => {};
    const result = new Promise<T>((...settle) => {
      [resolve, reject] = settle;
    });
    const job: Job = {
      run: async (remote) => {
        const before = life;
        const startedMs = clock.now();
        if (isRun) listen({ kind: 'running' });
        try {
          const value = await call(remote);
          const runMs = isRun ? clock.now() - startedMs : null;
          const info = await remote.info();
          if (!jobs.has(job)) return;
          jobs.delete(job);
          announce(info, runMs);
          resolve(value);
        } catch (thrown) {
          // From a worker that is no longer ours it means nothing.
          if (life !== before) return;
          const error = toEngineError(thrown);
          if (jobs.has(job) && error.kind !== 'cancelled') void announceReady(remote);
          job.reject(error);
        }
      },
      reject: (error) => {
        jobs.delete(job);
        reject(error);
      },
    };
    jobs.add(job);
    if (failure !== null) job.reject(failure);
    else if (life?.started === true) void job.run(life.remote);
    return { job, result };
  }

  /** After a refusal the engine is as able as before. */
  async function announceReady(remote: Remote<Engine>): Promise<void> {
    const before = life;
    const info = await remote.info();
    if (life === before && life !== null) announce(info, null);
  }

  /** What ends beside a run over all models must not end that. */
  function announce(info: EngineInfo, runMs: number | null): void {
    if (exploring === null || !jobs.has(exploring)) listen({ kind: 'ready', info, runMs });
  }

  begin();
  return {
    explore: (request) => {
      const mine = ++ticket;
      exploring?.reject(new EngineError('cancelled', 'A newer picture took its place.'));
      const { job, result } = enqueue<Exploration>((remote) => remote.explore(mine, request, proxy(onProgress)), true);
      exploring = job;
      return result;
    },
    analyze: <Kind extends AnalysisKind>(
      kind: Kind,
      request: AnalysisRequest<Kind>,
      pixels: Float32Array,
      onProgress: (progress: AnalysisProgress<Kind>) => void,
    ) => {
      const mine = ++ticket;
      analyzing.get(kind)?.reject(new EngineError('cancelled', 'A newer question took its place.'));
      const hear = (progress: AnalysisProgress<Kind>): void => {
        if (jobs.has(job)) onProgress(progress);
      };
      const { job, result } = enqueue((remote) => analyzerOf(remote)(mine, kind, request, pixels, proxy(hear)));
      analyzing.set(kind, job);
      return result;
    },
    cancelAnalysis: (kind) => {
      analyzing.get(kind)?.reject(new EngineError('cancelled', 'Nobody waits for it any more.'));
      if (life?.started === true) void life.remote.cancelAnalysis(kind, ticket).catch(ignore);
    },
    live: live.frame,
    loadCheckpoint: async (request) => {
      const { result } = enqueue<LoadedCheckpoint>((remote) => remote.loadCheckpoint(request));
      const loaded = await result;
      brought.set(request.id, request);
      return loaded;
    },
    openBackbone: async (request) => {
      const mine = ++ticket;
      opening?.reject(new EngineError('cancelled', 'Another model took its place.'));
      const { job, result } = enqueue<OpenedBackbone>((remote) =>
        remote.openBackbone(mine, request, proxy(onProgress)),
      );
      opening = job;
      const opened = await result;
      backbone = { ...request, file: request.file ?? backbone?.file ?? null };
      return opened;
    },
    closeBackbone: async () => {
      opening?.reject(new EngineError('cancelled', 'The models of the app took its place.'));
      backbone = null;
      await enqueue<void>((remote) => remote.closeBackbone()).result;
    },
    inspect: (request) => enqueue((remote) => remote.inspect(request)).result,
    compareGolden: (request, hear) => {
      const mine = ++ticket;
      return enqueue<GoldenReport>((remote) => remote.compareGolden(mine, request, proxy(hear))).result;
    },
    restart: (wanted) => {
      end();
      backend = wanted;
      deaths = [];
      failure = null;
      begin();
    },
    close: () => {
      life?.remote[releaseProxy]();
      end();
      failure = new EngineError('cancelled', 'The page is closing.');
      for (const job of [...jobs]) job.reject(failure);
    },
  };
}

/** Comlink's type of a remote method forgets that it is generic. */
function analyzerOf(remote: Remote<Engine>): Engine['analyze'] {
  return remote.analyze as Engine['analyze'];
}

function ignore(): void {}
