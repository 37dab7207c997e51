/** One kind of analysis: from what panels want to what the worker answers, or the cache; the newest question wins. */
import type { StoreApi } from 'zustand/vanilla';
import { ANALYSES_KEPT, NOT_ASKED, requestKey } from '@/state/analyses-slice';
import { pixelsKey } from '@/state/image-slice';
import type { AnalysisState, AppState } from '@/state/app-state';
import { LruCache } from '@/state/results-slice';
import { DATASET_KINDS, type AnalysisKind, type AnalysisRequest, type AnalysisResult } from '@/engine/analysis';
import type { EngineClient } from '@/engine/client';
import { toEngineError } from '@/engine/engine-error';

export interface AnalysisRunner<Kind extends AnalysisKind> {
  /** Wants it until the returned function is called. */
  readonly want: (request: AnalysisRequest<Kind>) => () => void;
  /** At the visitor's wish. */
  readonly cancel: () => void;
  readonly retry: () => void;
  /** Another picture is on screen. */
  readonly pictureChanged: () => void;
  /** Another model or backend came: no earlier answer holds. */
  readonly forget: () => void;
  /** There is an engine to ask. */
  readonly resume: () => void;
}

export interface DeskSurroundings {
  readonly store: StoreApi<AppState>;
  readonly engine: () => EngineClient | null;
}

/** Those that hold traces. */
const HEAVY: readonly AnalysisKind[] = ['gradients', 'precision'];

export function analysisRunner<Kind extends AnalysisKind>(
  kind: Kind,
  { store, engine }: DeskSurroundings,
): AnalysisRunner<Kind> {
  const { getState, setState } = store;
  const looksAtPicture = !DATASET_KINDS.includes(kind);
  const cache = new LruCache<AnalysisResult<Kind>>(ANALYSES_KEPT[kind]);
  let wish: AnalysisRequest<Kind> | null = null;
  let holders = 0;
  /** The question that is with the engine; its identity tells its answer from those that came too late. */
  let open: { readonly key: string } | null = null;

  const shown = (): AnalysisState<Kind> => getState().analyses[kind] ?? NOT_ASKED;
  const show = (change: Partial<AnalysisState<Kind>>): void =>
    setState(({ analyses }) => ({ analyses: { ...analyses, [kind]: { ...shown(), ...change } } }));

  function ask(): void {
    if (wish === null) return;
    const asked = requestKey(kind, wish);
    const image = getState().image.current;
    const key = looksAtPicture ? image && `${asked} ${pixelsKey(image)}` : asked;
    if (key !== null && open?.key === key) return;
    withdraw();
    const known = key === null ? null : cache.get(key);
    if (known !== null) {
      show({ asked, result: known, stale: false, running: false, progress: null, error: null });
      return;
    }
    show({ asked, stale: shown().result !== null, running: true, progress: null, error: null });
    const present = engine();
    // Without a picture or an engine it waits: both call again when they are here.
    if (key !== null && present !== null) void send(key, wish, image?.pixels ?? blank(), present);
  }

  async function send(
    key: string,
    request: AnalysisRequest<Kind>,
    pixels: Float32Array,
    present: EngineClient,
  ): Promise<void> {
    const mine = { key };
    open = mine;
    try {
      const result = await present.analyze(kind, request, pixels, (progress) => {
        if (open === mine) show({ progress });
      });
      if (open !== mine) return;
      open = null;
      // Traces of a backbone take a hundred times the family's memory: one answer of a kind is enough.
      if (getState().subject.kind === 'backbone' && HEAVY.includes(kind)) cache.clear();
      cache.set(key, result);
      show({ result, stale: false, running: false, progress: null, error: null });
    } catch (thrown) {
      if (open !== mine) return;
      open = null;
      const { kind: why, sentence } = toEngineError(thrown);
      show({ running: false, error: why === 'cancelled' ? null : sentence });
    }
  }

  /** The worker takes a picture with every question, also with those about the shipped images. */
  function blank(): Float32Array {
    const { channels, imageSize } = getState().subject;
    return new Float32Array(channels * imageSize ** 2);
  }

  /** What is on its way interests nobody any more. */
  function withdraw(): void {
    if (open === null) return;
    open = null;
    engine()?.cancelAnalysis(kind);
  }

  function release(): void {
    if (--holders > 0) return;
    wish = null;
    withdraw();
    show({ asked: null, running: false, progress: null, error: null });
  }

  return {
    want: (request) => {
      wish = request;
      holders++;
      ask();
      let isHeld = true;
      return () => {
        if (isHeld) release();
        isHeld = false;
      };
    },
    cancel: () => {
      withdraw();
      show({ running: false });
    },
    retry: ask,
    pictureChanged: () => {
      if (!looksAtPicture || shown() === NOT_ASKED) return;
      // At once, so that the engine is free for the picture itself.
      withdraw();
      if (shown().result !== null) show({ stale: true });
      // A moment later: with the picture the request may change, too (the true class), and panels say so when they are drawn.
      queueMicrotask(ask);
    },
    forget: () => {
      cache.clear();
      withdraw();
      if (wish !== null) ask();
      else if (shown().result !== null) show({ result: null, stale: false });
    },
    resume: ask,
  };
}
