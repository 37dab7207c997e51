/**
 * The Models page without React: what this browser keeps, what the hub offers, and the way from one to the other. Everything that
 * reaches outside comes in through the environment, so that a test brings its own.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { fetchCheckpoint } from '@/lib/checkpoints/download';
import { describeRepo } from '@/lib/checkpoints/hub';
import { parseRepoId } from '@/lib/checkpoints/hub-address';
import type { FetchLike } from '@/lib/checkpoints/hub-request';
import { HUB_CARDS } from '@/models/families/hub-cards';
import type { CheckpointCache } from '@/lib/checkpoints/checkpoint-cache';
import { fileIntake } from '@/state/models/file-intake';
import { INITIAL_MODELS, UNASKED, type ModelsActions, type ModelsState, type Offer } from '@/state/models/models-state';
import { addNotice, removeNotice } from '@/state/notices-slice';
import type { EngineClient } from '@/engine/client';
import { toEngineError } from '@/engine/engine-error';

export interface ModelsStore {
  readonly store: StoreApi<ModelsState>;
  readonly actions: ModelsActions;
  /** Reads what is kept. @returns ends everything that is under way */
  readonly start: () => () => void;
}

export interface ModelsEnvironment {
  readonly hubUrl: string;
  readonly fetch: FetchLike;
  readonly cache: CheckpointCache;
  /** A worker of its own, made when a file is first looked into. */
  readonly createEngine: () => EngineClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

export function createModelsStore(environment: ModelsEnvironment): ModelsStore {
  const { hubUrl, fetch, cache, now, pause } = environment;
  const store = createStore<ModelsState>(() => INITIAL_MODELS);
  const { getState, setState } = store;
  const running = new Map<string, AbortController>();

  const notify = (title: string, thrown: unknown): void =>
    setState(({ notices }) => ({
      notices: addNotice(notices, { kind: 'error', title, sentence: toEngineError(thrown).sentence }),
    }));

  const offer = (repo: string): Offer => getState().offers.get(repo) ?? UNASKED;
  const change = (repo: string, part: Partial<Offer>): void =>
    setState(({ offers }) => ({ offers: new Map(offers).set(repo, { ...(offers.get(repo) ?? UNASKED), ...part }) }));

  async function refresh(): Promise<void> {
    try {
      const [kept, storage] = await Promise.all([cache.list(), cache.storage()]);
      const repos = new Set([...HUB_CARDS.map((card) => card.repo), ...getState().typed]);
      for (const repo of repos) change(repo, { partialBytes: await cache.partialBytes(repo) });
      setState({ kept, storage, isLasting: cache.isLasting });
    } catch (thrown) {
      setState({ kept: getState().kept ?? [] });
      notify('What is kept here could not be read', thrown);
    }
  }

  /** One thing at a time for each repository; its end is told in its offer. */
  async function during(
    repo: string,
    phase: Offer['phase'],
    task: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    if (running.has(repo)) return;
    const controller = new AbortController();
    running.set(repo, controller);
    change(repo, { phase, trouble: null });
    let trouble: string | null = null;
    try {
      await task(controller.signal);
    } catch (thrown) {
      // Whoever cancelled knows.
      if (!controller.signal.aborted) trouble = toEngineError(thrown).sentence;
    }
    running.delete(repo);
    change(repo, { phase: 'idle', progress: null, trouble });
    await refresh();
  }

  const intake = fileIntake({ ...environment, store, refresh, notify });

  const actions: ModelsActions = {
    add: (text) => {
      try {
        const repo = parseRepoId(text, hubUrl);
        const isReady = HUB_CARDS.some((card) => card.repo === repo);
        setState(({ typed }) => ({ typed: isReady || typed.includes(repo) ? typed : [repo, ...typed] }));
        void actions.ask(repo);
        return true;
      } catch (thrown) {
        if (!(thrown instanceof CheckpointError)) throw thrown;
        return false;
      }
    },
    ask: (repo) =>
      during(repo, 'asking', async (signal) => {
        change(repo, { file: await describeRepo(repo, { hubUrl, fetch, signal }) });
      }),
    fetch: (repo) =>
      during(repo, 'fetching', async (signal) => {
        const file = offer(repo).file ?? (await describeRepo(repo, { hubUrl, fetch, signal }));
        change(repo, { file });
        const onProgress = (progress: Offer['progress']): void => change(repo, { progress });
        await fetchCheckpoint(file, { hubUrl, fetch, signal, cache, onProgress, now, pause });
      }),
    cancel: (repo) => running.get(repo)?.abort(),
    remove: async (id) => {
      try {
        await cache.remove(id);
        setState(({ inspected }) => ({ inspected: inspected?.id === id ? null : inspected }));
      } catch (thrown) {
        notify('It was not removed', thrown);
      }
      await refresh();
    },
    removeAll: async () => {
      for (const { id } of getState().kept ?? []) await actions.remove(id);
      for (const [repo, { partialBytes }] of getState().offers) if (partialBytes > 0) await actions.remove(repo);
    },
    dismiss: (id) => setState(({ notices }) => ({ notices: removeNotice(notices, id) })),
    ...intake.actions,
  };

  return {
    store,
    actions,
    start: () => {
      void refresh();
      return () => {
        for (const controller of running.values()) controller.abort();
        intake.end();
      };
    },
  };
}
