/**
 * The app's store, what may be done to it, and its life. Everything that reaches outside comes in through the environment, so that
 * a test brings its own; React is not known here.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineClient, EngineEvent } from '@/engine/client';
import { EngineError, toEngineError } from '@/engine/engine-error';
import type { Fetch } from '@/engine/fetch';
import type { FirstPicture } from '@/engine/first-picture';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import type { Address } from '@/state/address';
import { analysisRunners } from '@/state/analysis-runners';
import type { AppActions, AppState } from '@/state/app-state';
import { afterEvent, INITIAL_ENGINE } from '@/state/engine-slice';
import { explorationRunner } from '@/state/exploration-runner';
import { familyLoader, INITIAL_OPENING, type CheckpointPlanner } from '@/state/family-loader';
import { fingerprint } from '@/state/fingerprint';
import { imageLoader } from '@/state/image-loader';
import { INITIAL_IMAGE } from '@/state/image-slice';
import { loadFirstPicture } from '@/state/loading';
import { addNotice, removeNotice } from '@/state/notices-slice';
import type { OwnImages } from '@/state/own-images';
import { INITIAL_RESULTS } from '@/state/results-slice';
import { INITIAL_SELECTION, redo, replaceSelection, select, undo } from '@/state/selection-slice';
import { formatSelection, parseSelection } from '@/state/selection-url';

export interface AppStore {
  readonly store: StoreApi<AppState>;
  readonly actions: AppActions;
  /**
   * Reads the address, fetches what it needs and starts the engine. May be called again after stopping.
   * @returns stops everything
   */
  readonly start: () => () => void;
}

/** What the store asks of the world; nothing is asked before `start`. */
export interface AppEnvironment {
  /** The code for checkpoints in this browser, when one is first wanted. */
  readonly checkpoints: () => Promise<CheckpointPlanner>;
  /** '' or '/sub'. */
  readonly basePath: string;
  readonly fetch: Fetch;
  readonly createEngine: (listen: (event: EngineEvent) => void) => EngineClient;
  readonly ownImages: OwnImages;
  readonly address: Address;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/** What of a selection decides which models run. */
const MODEL_FIELDS = ['family', 'student', 'recipe'] as const;
/** What of it decides which picture is shown. */
const IMAGE_FIELDS = ['family', 'image'] as const;

export function createAppStore(environment: AppEnvironment): AppStore {
  const { basePath, fetch, createEngine, ownImages, address, now } = environment;
  const store = createStore<AppState>(() => ({
    ...INITIAL_SELECTION,
    family: DEFAULT_FAMILY,
    opening: INITIAL_OPENING,
    image: INITIAL_IMAGE,
    results: INITIAL_RESULTS,
    analyses: {},
    engine: INITIAL_ENGINE,
    notices: [],
  }));
  const { getState, setState } = store;
  let engine: EngineClient | null = null;

  const notify: AppActions['notify'] = (notice) => setState(({ notices }) => ({ notices: addNotice(notices, notice) }));
  const explainFailure =
    (title: string) =>
    (thrown: unknown): void =>
      notify({ kind: 'error', title, sentence: toEngineError(thrown).sentence });

  const results = explorationRunner({ store, engine: () => engine, notify });
  const analyses = analysisRunners({ store, engine: () => engine });
  const forget = (): void => {
    results.forget();
    analyses.forget();
  };
  const loadSamples = (): Promise<void> => images.loadSamples().catch(explainFailure('The sample images are missing'));
  const families = familyLoader({
    ...environment,
    store,
    engine: () => engine,
    notify,
    changed: (isOther) => {
      if (isOther) void loadSamples();
      forget();
      void images.load();
    },
  });
  const images = imageLoader({ store, ownImages, notify, samples: families.samples });

  function hear(event: EngineEvent): void {
    const before = getState().engine;
    setState({ engine: afterEvent(before, event) });
    if (event.kind === 'restarting')
      notify({ kind: 'info', title: 'The model worker was restarted', sentence: event.sentence });
    if (event.kind === 'failed') notify({ kind: 'error', title: 'The models stopped', sentence: event.error.sentence });
    if (event.kind !== 'ready' || before.reason === null) return;
    if (before.backend !== null && before.backend !== event.info.backend)
      notify({ kind: 'info', title: 'Another backend', sentence: event.info.reason });
  }

  function offerPrepared(first: FirstPicture): void {
    const key = fingerprint(first.bytes);
    images.offerSample(first);
    analyses.offerPrepared(first.answers, key);
    results.offerPrepared(key, first.exploration);
  }

  /** The prepared picture first: it is small, and nothing may delay it. */
  async function load(isOver: () => boolean): Promise<void> {
    const first = await loadFirstPicture(fetch, basePath).catch(() => null); // without it, the live model comes first
    if (isOver()) return;
    if (first !== null) offerPrepared(first);
    engine = createEngine(hear);
    void families.follow();
    results.explore();
    analyses.resume();
    await Promise.all([families.describe(), loadSamples()]);
  }

  const actions: AppActions = {
    select: (change) => setState((state) => select(state, change, now(), state.family)),
    undo: () => setState(undo),
    redo: () => setState(redo),
    addOwnImage: (original, name) => void images.add(original, name, now()),
    setPictureOptions: (change) => void images.setOptions(change),
    sampleImage: (sample) => families.samples().image(sample, getState().family.preprocessing),
    notify,
    dismiss: (id) => setState(({ notices }) => ({ notices: removeNotice(notices, id) })),
    replaceMember: async (id, fileName, bytes) => {
      try {
        if (engine === null) throw new Error('The models are still loading. Try again in a moment.');
        const report = await engine.replaceMember({ id, fileName, bytes });
        forget();
        return report;
      } catch (thrown) {
        explainFailure(`${fileName} was not loaded`)(thrown);
        return null;
      }
    },
    live: async (request) => {
      if (engine === null) throw new EngineError('cancelled', 'The models are still loading.');
      return engine.live(request);
    },
    restartEngine: (backend = 'auto') => {
      engine?.restart(backend);
      if (getState().opening.phase === 'failed') families.reopen();
      // What another backend computed is not this one's answer.
      forget();
    },
    analyze: analyses.analyze,
    cachedAnalysis: analyses.cachedAnalysis,
    cancelAnalysis: analyses.cancelAnalysis,
    retryAnalysis: analyses.retryAnalysis,
  };

  return {
    store,
    actions,
    start: () => {
      let isStopped = false;
      setState((state) => replaceSelection(state, parseSelection(address.read())));
      const stopListening = address.onTravel(() =>
        setState((state) => replaceSelection(state, parseSelection(address.read()))),
      );
      const unsubscribe = store.subscribe((state, before) => {
        if (state.selection !== before.selection) address.replace(formatSelection(state.selection, address.read()));
        if (MODEL_FIELDS.some((field) => state.selection[field] !== before.selection[field])) void families.follow();
        // After the family that its pixels are for was asked for: the selection may be back at the one on screen.
        if (IMAGE_FIELDS.some((field) => state.selection[field] !== before.selection[field])) void images.load();
        if (state.image.current !== before.image.current) {
          analyses.pictureChanged();
          results.explore();
        }
      });
      void images.load();
      void load(() => isStopped);
      return () => {
        isStopped = true;
        unsubscribe();
        stopListening();
        engine?.close();
        engine = null;
        families.stop();
      };
    },
  };
}
