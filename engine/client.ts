/**
 * The page's side of the engine: one worker at a time, watched, and replaced when it dies.
 *
 * A call to a dead worker would wait for ever, so no call waits for the worker alone: jobs belong to the client, and what a
 * dead worker left undone is given to the next one.
 */
import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import type { Analysis, AnalysisProgress } from '@/engine/analysis';
import { liveCalls } from '@/engine/client-live';
import type { EngineClient, EngineClientOptions, EngineEvent } from '@/engine/client-types';
import { EngineError, toEngineError } from '@/engine/engine-error';
import { startHeartbeat } from '@/engine/heartbeat';
import type {
  Engine,
  EngineInfo,
  Exploration,
  FamilyPictures,
  GoldenReport,
  OpenedFamily,
  OpenFamilyRequest,
  Progress,
  ReplaceMemberRequest,
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
  const analyzing = new Map<string, Job>();
  /** The family that is open, and the members replaced in it: the next worker gets them. */
  let family: { readonly request: OpenFamilyRequest; readonly pictures: FamilyPictures } | null = null;
  const replaced = new Map<string, ReplaceMemberRequest>();
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
      let info = await mine.remote.start({ basePath, backend });
      if (family !== null) {
        await open(mine.remote, family.request, family.pictures);
        for (const request of replaced.values()) await mine.remote.replaceMember(request);
        info = await mine.remote.info();
      }
      if (life !== mine) return;
      mine.started = true;
      // With a family on its way it is not ready yet.
      if (opening === null || !jobs.has(opening)) listen({ kind: 'ready', info, runMs: null });
      for (const job of jobs) void job.run(mine.remote);
    } catch (thrown) {
      if (life === mine) fail(toEngineError(thrown));
    }
  }

  function open(
    remote: Remote<Engine>,
    request: OpenFamilyRequest,
    pictures: FamilyPictures,
    mine = ++ticket,
  ): Promise<OpenedFamily> {
    return remote.openFamily(mine, request, proxy(pictures), proxy(onProgress));
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
    analyze: <Request, Result>(
      analysis: Analysis<Request, Result>,
      request: Request,
      pixels: Float32Array,
      onProgress: (progress: AnalysisProgress<Result>) => void,
    ) => {
      const mine = ++ticket;
      analyzing.get(analysis.id)?.reject(new EngineError('cancelled', 'A newer question took its place.'));
      const hear = (progress: AnalysisProgress<Result>): void => {
        if (jobs.has(job)) onProgress(progress);
      };
      const { job, result } = enqueue((remote) => analyzerOf(remote)(mine, analysis, request, pixels, proxy(hear)));
      analyzing.set(analysis.id, job);
      return result;
    },
    cancelAnalysis: (id) => {
      analyzing.get(id)?.reject(new EngineError('cancelled', 'Nobody waits for it any more.'));
      if (life?.started === true) void life.remote.cancelAnalysis(id, ticket).catch(ignore);
    },
    live: live.frame,
    openFamily: async (request, pictures) => {
      const mine = ++ticket;
      opening?.reject(new EngineError('cancelled', 'Another model took its place.'));
      if (life?.started === true) listen({ kind: 'loading' });
      const { job, result } = enqueue<OpenedFamily>((remote) => open(remote, request, pictures, mine));
      opening = job;
      const opened = await result;
      family = { request: { ...request, weights: request.weights ?? family?.request.weights ?? null }, pictures };
      replaced.clear();
      return opened;
    },
    replaceMember: async (request) => {
      const report = await enqueue((remote) => remote.replaceMember(request)).result;
      replaced.set(request.id, request);
      return report;
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
