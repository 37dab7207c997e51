/** From the family that the selection names to its models in the worker, and to what panels show; the newest wish wins. */
import type { StoreApi } from 'zustand/vanilla';
import type { EngineClient } from '@/engine/client';
import { toEngineError } from '@/engine/engine-error';
import type { Fetch } from '@/engine/fetch';
import { fetchManifest } from '@/engine/fetch-manifest';
import type { FamilyPictures, OpenedFamily, OpenFamilyRequest } from '@/engine/protocol';
import type { ModelFamily } from '@/models/families/family';
import { readMeasurements, withManifest } from '@/models/families/measured-family';
import { DEFAULT_FAMILY, embeddedFamily } from '@/models/families/registry';
import type { AppActions, AppState, FamilySample, OpeningState } from '@/state/app-state';
import { INITIAL_RESULTS } from '@/state/results-slice';
import { sampleSource, type SampleSource } from '@/state/sample-sources';
import { familySelection, replaceSelection } from '@/state/selection-slice';
import { DEFAULT_SELECTION } from '@/state/selection-types';

export interface FamilyLoader {
  /** Opens what the selection names. */
  readonly follow: () => Promise<void>;
  /** Asks the engine for it again, though it is open: the engine is a new one. */
  readonly reopen: () => void;
  /** The engine is gone; the next start opens the default family again. */
  readonly stop: () => void;
  /** Tells panels what was measured of the embedded family on screen, before the worker has it. */
  readonly describe: () => Promise<void>;
  /** Of the family on screen. */
  readonly samples: () => SampleSource;
}

/** What a selection asks for. */
export interface FamilyWish {
  readonly family: string;
  readonly student: string;
  readonly recipe: string;
}

/** A family that is about to be opened. */
export interface FamilyPlan {
  readonly request: OpenFamilyRequest;
  readonly pictures: FamilyPictures;
  readonly samples: SampleSource;
  /** What panels show of it, once the worker has it. */
  readonly familyOf: (opened: OpenedFamily) => Promise<ModelFamily>;
  readonly otherCheckpoints: OpeningState['otherCheckpoints'];
}

/** Finds checkpoints in this browser; comes with its own code when one is first wanted. */
export interface CheckpointPlanner {
  /**
   * @param isOpen whether the worker has its weights already, and only its students change
   * @param notify of what is missing but not needed
   * @returns `null` when it is not in this browser
   */
  readonly plan: (wish: FamilyWish, isOpen: boolean, notify: AppActions['notify']) => Promise<FamilyPlan | null>;
}

export interface FamilyLoaderEnvironment {
  readonly store: StoreApi<AppState>;
  readonly engine: () => EngineClient | null;
  readonly notify: AppActions['notify'];
  readonly fetch: Fetch;
  readonly basePath: string;
  readonly checkpoints: () => Promise<CheckpointPlanner>;
  /** Another model is here: no earlier result is valid. @param isOther whether it is another family, with other samples */
  readonly changed: (isOther: boolean) => void;
}

export const INITIAL_OPENING: OpeningState = { phase: 'open', report: null, otherCheckpoints: [] };

/** The recipe and the student matter only to a checkpoint. */
function isSameWish(a: FamilyWish, b: FamilyWish | null): boolean {
  if (b === null || a.family !== b.family) return false;
  return embeddedFamily(a.family) !== null || (a.student === b.student && a.recipe === b.recipe);
}

export function familyLoader(environment: FamilyLoaderEnvironment): FamilyLoader {
  const { store, engine, notify, fetch, basePath, checkpoints, changed } = environment;
  const { getState, setState } = store;
  let source = sampleSource(getState().family, environment);
  let opened: FamilyWish | null = null;
  let newest = 0;
  const manifests = new Map<string, Promise<ModelFamily>>();
  /** What the worker has for certain; `null` while something else is asked of it, and after that failed. */
  let held: FamilyWish | null = null;
  let asked = 0;
  let hasOpened = false;

  /** Its answer tells what the worker has, whether or not anybody still waits for it, unless more was asked since. */
  async function askEngine(wish: FamilyWish, client: EngineClient, plan: FamilyPlan): Promise<OpenedFamily> {
    const mine = ++asked;
    held = null;
    const answer = await client.openFamily(plan.request, plan.pictures);
    if (mine === asked) held = wish;
    return answer;
  }

  const setPhase = (phase: OpeningState['phase']): void =>
    setState(({ opening }) => ({ opening: { ...opening, phase } }));

  async function follow(): Promise<void> {
    const { family, student, recipe } = getState().selection;
    const wish: FamilyWish = { family, student, recipe };
    const mine = ++newest;
    const isStale = (): boolean => mine !== newest;
    const client = engine();
    if (client === null) return;
    if (isSameWish(wish, opened) && isSameWish(wish, held)) {
      if (getState().opening.phase !== 'open') setPhase('open');
      return;
    }
    // The family on screen is on its way to the worker: nothing of the page has to wait for it.
    if (opened !== null || getState().family.id !== family) setPhase('opening');
    try {
      const embedded = embeddedFamily(family);
      const plan = embedded === null ? await checkpointPlan(wish, isStale) : embeddedPlan(embedded);
      if (isStale()) return;
      if (plan === null) return giveUp();
      const answer = await askEngine(wish, client, plan);
      const next = await plan.familyOf(answer);
      if (isStale()) return;
      opened = wish;
      settle(next, plan, answer);
    } catch (thrown) {
      if (isStale()) return;
      const { kind, sentence } = toEngineError(thrown);
      // An engine that failed has been reported by itself.
      const isNews = kind !== 'cancelled' && getState().engine.phase !== 'failed';
      if (isNews) notify({ kind: 'error', title: 'The model was not opened', sentence });
      giveUp();
    }
  }

  /** With what its recipe measured; without it when the manifest cannot be had, which is said once. */
  function described(family: ModelFamily): Promise<ModelFamily> {
    const known = manifests.get(family.id);
    if (known !== undefined) return known;
    const asking = fetchManifest(fetch, basePath, family.id, readMeasurements).then(
      (models) => withManifest(family, models),
      (thrown: unknown) => {
        notify({ kind: 'error', title: 'The list of models is missing', sentence: toEngineError(thrown).sentence });
        return family;
      },
    );
    manifests.set(family.id, asking);
    return asking;
  }

  async function describe(): Promise<void> {
    const embedded = embeddedFamily(getState().family.id);
    if (embedded === null) return;
    const family = await described(embedded);
    if (getState().family === embedded) setState({ family });
  }

  function embeddedPlan(family: ModelFamily): FamilyPlan {
    const samples = sampleSource(family, environment);
    return {
      request: { familyId: family.id, weights: 'embedded', trained: null, recipe: null },
      pictures: picturesOf(family, samples),
      samples,
      familyOf: () => described(family),
      otherCheckpoints: [],
    };
  }

  async function checkpointPlan(wish: FamilyWish, isStale: () => boolean): Promise<FamilyPlan | null> {
    const planner = await checkpoints();
    const plan = await planner.plan(wish, held?.family === wish.family, notify);
    if (plan === null && !isStale()) {
      notify({
        kind: 'info',
        title: 'This model is not in this browser',
        sentence: `“${wish.family}” has to be fetched first: open the Models page, fetch it there, and come back.`,
      });
    }
    return plan;
  }

  /** Another family is on screen, or another student in the same one. */
  function settle(family: ModelFamily, { samples, otherCheckpoints }: FamilyPlan, { report }: OpenedFamily): void {
    const isOther = getState().family.id !== family.id;
    // At the start everything was asked of this very family already.
    const isFirst = !isOther && !hasOpened;
    hasOpened = true;
    if (isOther) source = samples;
    setState((state) => ({
      ...(isOther ? { image: { samples: null, current: null }, results: INITIAL_RESULTS } : {}),
      ...replaceSelection(state, familySelection(state.selection, family, isOther)),
      family,
      opening: { phase: 'open', report, otherCheckpoints },
    }));
    if (!isFirst) changed(isOther);
  }

  /** Back to what is open; when nothing is, the page keeps what was prepared for it. */
  function giveUp(): void {
    const back = opened ?? { family: getState().family.id, student: '', recipe: DEFAULT_SELECTION.recipe };
    setState((state) => ({
      ...replaceSelection(state, { ...familySelection(state.selection, state.family, false), ...back }),
      opening: { ...state.opening, phase: opened === null ? 'failed' : 'open' },
    }));
    if (opened !== null) changed(false);
  }

  return {
    follow,
    reopen: () => {
      held = null;
      opened = null;
      void follow();
    },
    stop: () => {
      newest++;
      held = null;
      opened = null;
      hasOpened = false;
      manifests.clear();
      if (getState().family.id === DEFAULT_FAMILY.id) return;
      source = sampleSource(DEFAULT_FAMILY, environment);
      setState({
        family: DEFAULT_FAMILY,
        opening: INITIAL_OPENING,
        image: { samples: null, current: null },
        results: INITIAL_RESULTS,
      });
    },
    describe,
    samples: () => source,
  };
}

/** What the worker asks for while it has an embedded family. */
function picturesOf({ preprocessing }: ModelFamily, samples: SampleSource): FamilyPictures {
  return {
    preprocessing: () => Promise.resolve(preprocessing),
    samples: async (count) => {
      const shown = (await samples.list()).slice(0, count);
      return samplePictures(shown, (sample) => samples.image(sample, preprocessing));
    },
  };
}

/** One after the other: each may take a while to resize, and the page must answer between them. */
export async function samplePictures(
  samples: readonly FamilySample[],
  imageOf: (sample: FamilySample) => Promise<{ readonly pixels: Float32Array }>,
): Promise<{ readonly pixels: Float32Array; readonly label: number | null }[]> {
  const pictures = [];
  for (const sample of samples) {
    const { pixels } = await imageOf(sample);
    pictures.push({ pixels, label: sample.classIndex });
    if (sample.thumbnail.kind === 'url') await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return pictures;
}
