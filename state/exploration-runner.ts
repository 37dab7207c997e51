/** From the pixels on screen to what the models make of them: from the cache, or from the engine; the newest wins. */
import type { StoreApi } from 'zustand/vanilla';
import { pixelsKey } from '@/state/image-slice';
import type { AppActions, AppState } from '@/state/app-state';
import { LruCache, BACKBONE_RESULTS_KEPT, markStale, RESULTS_KEPT, showResult } from '@/state/results-slice';
import type { EngineClient } from '@/engine/client';
import { toEngineError } from '@/engine/engine-error';
import type { FirstPicture } from '@/engine/first-picture';
import { studentOf } from '@/state/derived';
import { MODEL_IDS, type Exploration, type ModelId } from '@/engine/protocol';
import { fingerprint } from '@/state/fingerprint';

export interface Explorer {
  /** Brings the results of the pixels on screen. */
  readonly explore: () => void;
  readonly offerPrepared: (first: FirstPicture) => void;
  /** Another model came: no earlier result holds. */
  readonly forget: () => void;
}

interface Environment {
  readonly store: StoreApi<AppState>;
  readonly engine: () => EngineClient | null;
  readonly notify: AppActions['notify'];
}

export function explorer({ store, engine, notify }: Environment): Explorer {
  const { getState, setState } = store;
  let cache = new LruCache<Exploration>(RESULTS_KEPT);
  let prepared: { readonly key: string; readonly exploration: Exploration } | null = null;
  let asked: string | null = null;

  function explore(): void {
    const image = getState().image.current;
    if (image === null) return;
    const key = pixelsKey(image);
    const known = cache.get(key);
    if (known !== null) {
      asked = null; // an answer still on its way is for the cache only
      setState({ results: showResult(key, known, false) });
      return;
    }
    if (prepared?.key === key) setState({ results: showResult(key, prepared.exploration, true) });
    else setState(({ results }) => ({ results: markStale(results) }));
    void ask(key, image.pixels);
  }

  async function ask(key: string, pixels: Float32Array): Promise<void> {
    const present = engine();
    if (present === null) return;
    asked = key;
    const mine = cache;
    try {
      let whole: Exploration | null = null;
      for (const modelIds of pieces()) {
        whole = joined(whole, await present.explore({ modelIds, pixels }));
        if (mine !== cache) return; // of other models
        if (asked === key) setState({ results: showResult(key, whole, false) });
      }
      if (whole !== null) mine.set(key, whole);
    } catch (thrown) {
      const { kind, sentence } = toEngineError(thrown);
      // An engine that failed has said so itself.
      if (kind === 'cancelled' || getState().engine.phase === 'failed') return;
      notify({ kind: 'error', title: 'The models did not run', sentence });
    }
  }

  /** Of a family all at once; of a backbone, which takes its time, what is looked at first. */
  function pieces(): readonly (readonly ModelId[])[] {
    const { subject, selection } = getState();
    if (subject.kind === 'family') return [MODEL_IDS];
    const first: readonly ModelId[] = ['teacher', studentOf(selection)];
    const isFirst = (id: ModelId): boolean => first.includes(id);
    const rest = subject.modelIds.filter((id) => !isFirst(id));
    return [subject.modelIds.filter(isFirst), ...rest.map((id) => [id])].filter((ids) => ids.length > 0);
  }

  return {
    explore,
    offerPrepared: ({ bytes, exploration }) => {
      prepared = { key: fingerprint(bytes), exploration };
      const image = getState().image.current;
      if (image !== null && pixelsKey(image) === prepared.key) explore();
    },
    forget: () => {
      const { subject } = getState();
      cache = new LruCache<Exploration>(subject.kind === 'family' ? RESULTS_KEPT : BACKBONE_RESULTS_KEPT);
      prepared = null;
      asked = null;
      explore();
    },
  };
}

/** What is known of one picture, and more of it. */
function joined(before: Exploration | null, more: Exploration): Exploration {
  if (before === null) return more;
  return {
    logits: { ...before.logits, ...more.logits },
    traces: { ...before.traces, ...more.traces },
    distortions: { ...before.distortions, ...more.distortions },
    forwardMs: { ...before.forwardMs, ...more.forwardMs },
    paths: { ...before.paths, ...more.paths },
  };
}
