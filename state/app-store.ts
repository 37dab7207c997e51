/**
 * The lens: one store, what may be done to it, and its life. Everything that reaches outside comes in through the
 * environment, so that a test brings its own; React is not known here.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RasterImage } from '@/lib/images/raster';
import type { Address } from '@/state/address';
import type { BackboneDesk, DeskSurroundings } from '@/state/backbone-desk';
import { afterEvent, INITIAL_ENGINE } from '@/state/engine-slice';
import { analysisRunners } from '@/state/analysis-runners';
import { explorer } from '@/state/exploration-runner';
import { imageLoader } from '@/state/image-loader';
import { INITIAL_IMAGE } from '@/state/image-slice';
import type { BackboneState, AppActions, AppState } from '@/state/app-state';
import { loadFirstPicture } from '@/state/loading';
import { addNotice, removeNotice } from '@/state/notices-slice';
import type { OwnImages } from '@/state/own-images';
import { INITIAL_RESULTS } from '@/state/results-slice';
import { FAMILY_SUBJECT, layerAt, queryCount } from '@/state/subject';
import { INITIAL_SELECTION, redo, replaceSelection, select, undo } from '@/state/selection-slice';
import { formatSelection, parseSelection, type SelectionLimits } from '@/state/selection-url';
import type { EngineClient, EngineEvent } from '@/engine/client';
import { EngineError, toEngineError } from '@/engine/engine-error';
import { fetchManifest, type Fetch } from '@/engine/manifest';
import { loadSamples } from '@/engine/samples';

/** A store, what may be done to it, and its beginning and end. */
export interface Lens {
  readonly store: StoreApi<AppState>;
  readonly actions: AppActions;
  /**
   * Reads the address, fetches what it needs and starts the engine. May be called again after stopping.
   * @returns stops everything
   */
  readonly start: () => () => void;
}

/** What the lens asks of the world; nothing is asked before `start`. */
export interface AppEnvironment {
  /** The code for a visitor's own models, when one is first wanted. */
  readonly backbones: (environment: Omit<DeskSurroundings, 'shelf' | 'photographs'>) => Promise<BackboneDesk>;
  /** '' or '/sub'. */
  readonly basePath: string;
  readonly fetch: Fetch;
  readonly createEngine: (listen: (event: EngineEvent) => void) => EngineClient;
  readonly ownImages: OwnImages;
  readonly address: Address;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

const NO_BACKBONE: BackboneState = { phase: 'none', opened: null, input: null, shelved: [] };

/** What of a selection decides which models run. */
const MODEL_FIELDS = ['backbone', 'student', 'recipe'] as const;

export function createAppStore(environment: AppEnvironment): Lens {
  const { basePath, fetch, createEngine, ownImages, address, now, backbones: loadBackbones } = environment;
  const store = createStore<AppState>(() => ({
    ...INITIAL_SELECTION,
    subject: FAMILY_SUBJECT,
    backbone: NO_BACKBONE,
    image: INITIAL_IMAGE,
    results: INITIAL_RESULTS,
    analyses: {},
    engine: INITIAL_ENGINE,
    notices: [],
    family: null,
  }));
  const { getState, setState } = store;
  let engine: EngineClient | null = null;

  const notify: AppActions['notify'] = (notice) =>
    setState(({ notices }) => ({ notices: addNotice(notices, notice) }));
  const explainFailure =
    (title: string) =>
    (thrown: unknown): void =>
      notify({ kind: 'error', title, sentence: toEngineError(thrown).sentence });

  let desk: BackboneDesk | null = null;
  const images = imageLoader({ store, ownImages, notify, backbones: () => desk });
  const results = explorer({ store, engine: () => engine, notify });
  const analyses = analysisRunners({ store, engine: () => engine });

  function hear(event: EngineEvent): void {
    const before = getState().engine;
    setState({ engine: afterEvent(before, event) });
    if (event.kind === 'restarting')
      notify({ kind: 'info', title: 'The model worker was restarted', sentence: event.sentence });
    if (event.kind === 'failed') notify({ kind: 'error', title: 'The models stopped', sentence: event.error.sentence });
    if (
      event.kind === 'ready' &&
      before.reason !== null &&
      before.backend !== null &&
      before.backend !== event.info.backend
    ) {
      notify({ kind: 'info', title: 'Another backend', sentence: event.info.reason });
    }
  }

  /** The selection names another model, or the same one binarized otherwise. */
  async function followBackbone(): Promise<void> {
    if (desk === null && getState().selection.backbone === '') return;
    try {
      desk ??= await loadBackbones({
        store,
        engine: () => engine,
        notify,
        changed: () => {
          results.forget();
          analyses.forget();
          void images.load();
        },
      });
      await desk.follow();
    } catch (thrown) {
      explainFailure('The model was not opened')(thrown);
    }
  }

  const limits = (): SelectionLimits => {
    const { subject } = getState();
    return {
      queries: queryCount(subject),
      layers: subject.layers.length,
      heads: (layer) => layerAt(subject, layer).heads,
    };
  };

  /** The prepared picture first: it is small, and nothing may stand in its way. */
  async function load(isOver: () => boolean): Promise<void> {
    const first = await loadFirstPicture(fetch, basePath).catch(() => null); // without it, the live model comes first
    if (isOver()) return;
    if (first !== null) {
      images.offerSample(first);
      results.offerPrepared(first);
    }
    engine = createEngine(hear);
    void followBackbone();
    results.explore();
    analyses.resume();
    const family = fetchManifest(fetch, basePath).then((models) => {
      if (!isOver()) setState({ family: models });
    });
    const samples = loadSamples(fetch, basePath).then((shipped) => {
      if (!isOver()) images.setSamples(shipped);
    });
    await Promise.all([
      family.catch(explainFailure('The list of models is missing')),
      samples.catch(explainFailure('The sample images are missing')),
    ]);
  }

  const actions: AppActions = {
    select: (change) => setState((state) => select(state, change, now(), limits())),
    undo: () => setState(undo),
    redo: () => setState(redo),
    addOwnImage: (original: RasterImage, name: string) => images.add(original, name, now()),
    setPreprocess: images.setPreprocess,
    notify,
    dismiss: (id) => setState(({ notices }) => ({ notices: removeNotice(notices, id) })),
    loadCheckpoint: async (id, fileName, bytes) => {
      try {
        if (engine === null) throw new Error('The models are still on their way. Try again in a moment.');
        const loaded = await engine.loadCheckpoint({ id, fileName, bytes });
        results.forget();
        analyses.forget();
        return loaded;
      } catch (thrown) {
        explainFailure(`${fileName} was not loaded`)(thrown);
        return null;
      }
    },
    live: async (request) => {
      if (engine === null) throw new EngineError('cancelled', 'The models are on their way.');
      return engine.live(request);
    },
    restartEngine: (backend = 'auto') => {
      engine?.restart(backend);
      // What another backend computed is not this one's answer.
      results.forget();
      analyses.forget();
    },
    analyze: analyses.analyze,
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
        if (state.selection.image !== before.selection.image) void images.load();
        if (MODEL_FIELDS.some((field) => state.selection[field] !== before.selection[field])) void followBackbone();
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
        // The next start opens it again.
        desk = null;
        if (getState().subject.kind === 'backbone')
          setState(({ image }) => ({
            subject: FAMILY_SUBJECT,
            backbone: NO_BACKBONE,
            image: { ...image, current: null },
            results: INITIAL_RESULTS,
          }));
      };
    },
  };
}
