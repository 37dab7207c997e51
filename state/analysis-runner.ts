/** One analysis: from what panels want to what the worker answers, or the cache; the newest request wins. */
import type { StoreApi } from 'zustand/vanilla';
import type { Analysis } from '@/engine/analysis';
import type { EngineClient } from '@/engine/client';
import { toEngineError } from '@/engine/engine-error';
import { hasLargeTraces } from '@/models/families/family';
import { NOT_ASKED, requestKey } from '@/state/analyses-slice';
import type { AnalysisState, AppState } from '@/state/app-state';
import { pixelsKey } from '@/state/image-slice';
import { LruCache } from '@/state/lru-cache';

export interface AnalysisRunner<Request, Result> {
  /** Wants it until the returned function is called. */
  readonly want: (request: Request) => () => void;
  /** What was computed for this picture before; `null` when nothing was. */
  readonly cached: (request: Request) => Result | null;
  /** Stops it; what is known stays on screen. */
  readonly cancel: () => void;
  readonly retry: () => void;
  /** Another picture is on screen. */
  readonly pictureChanged: () => void;
  /** Another model or backend: no earlier answer is valid. */
  readonly forget: () => void;
  /** An answer from elsewhere, as if it had been asked for. @param pixels names the picture it is of */
  readonly offer: (request: Request, pixels: string, result: Result) => void;
  /** There is an engine to ask. */
  readonly resume: () => void;
}

export interface RunnerEnvironment {
  readonly store: StoreApi<AppState>;
  readonly engine: () => EngineClient | null;
}

export function analysisRunner<Request, Result>(
  analysis: Analysis<Request, Result>,
  { store, engine }: RunnerEnvironment,
): AnalysisRunner<Request, Result> {
  const { getState, setState } = store;
  const { id, usesPicture } = analysis;
  const cache = new LruCache<Result>(analysis.kept);
  let wanted: { readonly request: Request } | null = null;
  let users = 0;
  /** The request that is with the engine; its identity tells its answer from those that came too late. */
  let sent: { readonly key: string } | null = null;

  // What stands under an id is what this runner put there.
  const shown = (): AnalysisState<Result> =>
    (getState().analyses[id] as AnalysisState<Result> | undefined) ?? NOT_ASKED;
  const show = (change: Partial<AnalysisState<Result>>): void =>
    setState(({ analyses }) => ({ analyses: { ...analyses, [id]: { ...shown(), ...change } } }));

  const keyOf = (request: Request, pixels: string): string => {
    const key = requestKey(id, request);
    return usesPicture ? `${key} ${pixels}` : key;
  };

  /** `null` while there is no picture, and one is needed. */
  function currentKey(request: Request): string | null {
    const image = getState().image.current;
    return usesPicture && image === null ? null : keyOf(request, image === null ? '' : pixelsKey(image));
  }

  function ask(): void {
    if (wanted === null) return;
    const { request } = wanted;
    const asked = requestKey(id, request);
    const key = currentKey(request);
    if (key !== null && sent?.key === key) return;
    withdraw();
    const known = key === null ? null : cache.get(key);
    if (known !== null) {
      show({ asked, result: known, stale: false, running: false, progress: null, error: null });
      return;
    }
    show({ asked, stale: shown().result !== null, running: true, progress: null, error: null });
    const client = engine();
    // Without a picture or an engine it waits: both call again when they are here.
    if (key !== null && client !== null) void send(key, request, getState().image.current?.pixels ?? blank(), client);
  }

  async function send(key: string, request: Request, pixels: Float32Array, client: EngineClient): Promise<void> {
    const mine = { key };
    sent = mine;
    try {
      const result = await client.analyze(analysis, request, pixels, (progress) => {
        if (sent === mine) show({ progress });
      });
      if (sent !== mine) return;
      sent = null;
      if (analysis.holdsTraces && hasLargeTraces(getState().family)) cache.clear();
      cache.set(key, result);
      show({ result, stale: false, running: false, progress: null, error: null });
    } catch (thrown) {
      if (sent !== mine) return;
      sent = null;
      const { kind, sentence } = toEngineError(thrown);
      show({ running: false, error: kind === 'cancelled' ? null : sentence });
    }
  }

  /** The worker takes a picture with every request, also with those that do not use it. */
  function blank(): Float32Array {
    const { inChannels, imageSize } = getState().family.config;
    return new Float32Array(inChannels * imageSize ** 2);
  }

  /** Nobody waits any more for what is on its way. */
  function withdraw(): void {
    if (sent === null) return;
    sent = null;
    engine()?.cancelAnalysis(id);
  }

  function release(): void {
    if (--users > 0) return;
    wanted = null;
    withdraw();
    show({ asked: null, running: false, progress: null, error: null });
  }

  return {
    want: (request) => {
      wanted = { request };
      users++;
      ask();
      let isUsed = true;
      return () => {
        if (isUsed) release();
        isUsed = false;
      };
    },
    cached: (request) => {
      const key = currentKey(request);
      return key === null ? null : cache.get(key);
    },
    cancel: () => {
      withdraw();
      show({ running: false });
    },
    retry: ask,
    pictureChanged: () => {
      if (!usesPicture || shown() === NOT_ASKED) return;
      // At once, so that the engine is free for the picture itself.
      withdraw();
      if (shown().result !== null) show({ stale: true });
      // A moment later: the request may change with the picture (the true class), and panels say so when they are drawn.
      queueMicrotask(ask);
    },
    forget: () => {
      cache.clear();
      withdraw();
      if (wanted !== null) ask();
      else if (shown().result !== null) show({ result: null, stale: false });
    },
    offer: (request, pixels, result) => {
      cache.set(keyOf(request, pixels), result);
      ask();
    },
    resume: ask,
  };
}
