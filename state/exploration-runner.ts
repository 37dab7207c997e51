/** From the pixels on screen to what the models make of them: from the cache, or from the engine; the newest wins. */
import type { StoreApi } from 'zustand/vanilla';
import type { EngineClient } from '@/engine/client';
import { toEngineError } from '@/engine/engine-error';
import type { Exploration } from '@/engine/protocol';
import { hasLargeTraces, memberIds, traceBytes, type MemberId } from '@/models/families/family';
import type { AppActions, AppState, CurrentImage } from '@/state/app-state';
import { selectStudent } from '@/state/derived';
import { pixelsKey } from '@/state/image-slice';
import { LruCache } from '@/state/lru-cache';
import { markStale, showResult } from '@/state/results-slice';

export interface ExplorationRunner {
  /** Brings the results of the pixels on screen. */
  readonly explore: () => void;
  /** What was prepared at build for the picture with that key. */
  readonly offerPrepared: (key: string, exploration: Exploration) => void;
  /** Another model: no earlier result is valid. */
  readonly forget: () => void;
}

interface RunnerEnvironment {
  readonly store: StoreApi<AppState>;
  readonly engine: () => EngineClient | null;
  readonly notify: AppActions['notify'];
}

/** For the traces of pictures seen last. */
const CACHE_BYTES = 120 * 2 ** 20;
const MOST_KEPT = 8;
const LEAST_KEPT = 2;

export function explorationRunner({ store, engine, notify }: RunnerEnvironment): ExplorationRunner {
  const { getState, setState } = store;
  let cache = emptyCache();
  let prepared: { readonly key: string; readonly exploration: Exploration } | null = null;
  let asked: string | null = null;

  function emptyCache(): LruCache<Exploration> {
    const { family } = getState();
    const kept = Math.floor(CACHE_BYTES / (family.members.length * traceBytes(family) * 2));
    return new LruCache<Exploration>(Math.max(LEAST_KEPT, Math.min(MOST_KEPT, kept)));
  }

  function explore(): void {
    const image = getState().image.current;
    if (image === null) return;
    const key = pixelsKey(image);
    const known = cache.get(key);
    if (known !== null) {
      asked = null; // an answer still on its way is for the cache only
      setState({ results: showResult(image, known, false) });
      return;
    }
    if (prepared?.key === key) setState({ results: showResult(image, prepared.exploration, true) });
    else setState(({ results }) => ({ results: markStale(results) }));
    void ask(image);
  }

  async function ask(image: CurrentImage): Promise<void> {
    const client = engine();
    if (client === null) return;
    const key = pixelsKey(image);
    asked = key;
    const mine = cache;
    try {
      let whole: Exploration | null = null;
      for (const modelIds of batches()) {
        whole = joined(whole, await client.explore({ modelIds, pixels: image.pixels }));
        if (mine !== cache) return; // of other models
        if (asked === key) setState({ results: showResult(image, whole, false) });
      }
      if (whole !== null) mine.set(key, whole);
    } catch (thrown) {
      const { kind, sentence } = toEngineError(thrown);
      // An engine that failed has said so itself.
      if (kind === 'cancelled' || getState().engine.phase === 'failed') return;
      notify({ kind: 'error', title: 'The models did not run', sentence });
    }
  }

  /** Small models all at once; of large ones first what is on screen. */
  function batches(): readonly (readonly MemberId[])[] {
    const { family } = getState();
    const ids = memberIds(family);
    if (!hasLargeTraces(family)) return [ids];
    const first: readonly MemberId[] = ['teacher', selectStudent(getState())];
    const rest = ids.filter((id) => !first.includes(id));
    return [ids.filter((id) => first.includes(id)), ...rest.map((id) => [id])].filter((batch) => batch.length > 0);
  }

  return {
    explore,
    offerPrepared: (key, exploration) => {
      prepared = { key, exploration };
      const image = getState().image.current;
      if (image !== null && pixelsKey(image) === key) explore();
    },
    forget: () => {
      cache = emptyCache();
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
    forwardMs: { ...before.forwardMs, ...more.forwardMs },
    paths: { ...before.paths, ...more.paths },
  };
}
