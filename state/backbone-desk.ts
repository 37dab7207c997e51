/**
 * A visitor's backbone in the family's place: from the selection to the worker and back. Comes with its own code when one is first
 * wanted; the family needs none of it.
 */
import type { StoreApi } from 'zustand/vanilla';
import { inputOf, numHeadsOf, type BackboneInput } from '@/lib/checkpoints/hub-config';
import type { CheckpointCache, CachedCheckpoint } from '@/lib/checkpoints/checkpoint-cache';
import { photoInput, type PhotoInputSpec } from '@/lib/images/photo-input';
import type { Photograph } from '@/lib/images/photographs';
import type { RasterImage } from '@/lib/images/raster';
import type { OwnRecord } from '@/state/image-slice';
import type { AppActions, AppState, OwnImage, PhotoImage } from '@/state/app-state';
import { INITIAL_RESULTS, LruCache } from '@/state/results-slice';
import { replaceSelection } from '@/state/selection-slice';
import { DEFAULT_SELECTION, type Selection } from '@/state/selection-types';
import { FAMILY_SUBJECT, layerAt, queryCount, type Subject } from '@/state/subject';
import { subjectOf } from '@/state/subject-of-backbone';
import type { BackboneFile, OpenBackboneRequest, OpenedBackbone } from '@/engine/backbone';
import type { EngineClient } from '@/engine/client';
import { toEngineError } from '@/engine/engine-error';
import { DEFAULT_RECIPE, parseRecipe } from '@/models/recipe';

export interface BackboneDesk {
  /** Opens what the selection names, or closes what is open; the newest wish wins. */
  readonly follow: () => Promise<void>;
  /** A shipped photograph as the backbone that is open sees it; `null` when there is none of that key. */
  readonly photo: (key: string) => Promise<PhotoImage | null>;
  /** A visitor's picture as the backbone that is open sees it. @throws ImageError */
  readonly own: (record: OwnRecord) => OwnImage;
}

/** What ships beside the models: pictures to look at and to fit scaling factors to, and names of classes. */
export interface Photographs {
  readonly list: () => Promise<readonly Photograph[]>;
  readonly open: (photograph: Photograph) => Promise<RasterImage>;
  /** `null`: nobody knows what the classes are called. */
  readonly classNames: (classes: number) => Promise<readonly string[] | null>;
}

export interface DeskSurroundings {
  readonly store: StoreApi<AppState>;
  readonly engine: () => EngineClient | null;
  readonly notify: AppActions['notify'];
  readonly shelf: CheckpointCache;
  readonly photographs: Photographs;
  /** Another model is here: no earlier result holds. */
  readonly changed: () => void;
}

/** Scaling factors are fitted to so many: more change them little and take longer. */
const CALIBRATION_PICTURES = 4;

/** Decoded photographs are up to 1 MB each. */
const PHOTOGRAPHS_KEPT = 12;

/** What an open backbone was opened with. */
interface Opened {
  readonly backbone: string;
  readonly student: string;
  readonly recipe: string;
  readonly input: BackboneInput;
  /** Pictures as this input makes them. */
  readonly calibration: readonly Float32Array[];
}

/** What a selection asks for. */
type Wish = Pick<Opened, 'backbone' | 'student' | 'recipe'>;

const FAMILY_WISH: Wish = { backbone: '', student: '', recipe: '' };

/** The recipe and the student matter only to a backbone. */
function isSameWish(a: Wish, b: Wish | null): boolean {
  if (b === null || a.backbone !== b.backbone) return false;
  return a.backbone === '' || (a.student === b.student && a.recipe === b.recipe);
}

export function backboneDesk(environment: DeskSurroundings): BackboneDesk {
  const { store, engine, notify, shelf, photographs, changed } = environment;
  const { getState, setState } = store;
  const decoded = new LruCache<RasterImage>(PHOTOGRAPHS_KEPT);
  let opened: Opened | null = null;
  let newest = 0;
  /** What the worker holds for certain; `null` while something else is asked of it, and after that failed. */
  let held: Wish | null = FAMILY_WISH;
  let asked = 0;

  /** Its answer tells what the worker holds, whether or not anybody still waits for it, unless more was asked since. */
  async function askEngine<T>(wish: Wish, ask: () => Promise<T>): Promise<T> {
    const mine = ++asked;
    held = null;
    const answer = await ask();
    if (mine === asked) held = wish;
    return answer;
  }

  const raster = async (photograph: Photograph): Promise<RasterImage> => {
    const known = decoded.get(photograph.id);
    if (known !== null) return known;
    const image = await photographs.open(photograph);
    decoded.set(photograph.id, image);
    return image;
  };

  async function follow(): Promise<void> {
    const { backbone, student, recipe } = getState().selection;
    const wish: Wish = { backbone, student, recipe };
    const mine = ++newest;
    const isStale = (): boolean => mine !== newest;
    if (isSameWish(wish, opened ?? FAMILY_WISH) && isSameWish(wish, held)) {
      const phase = opened === null ? 'none' : 'open';
      if (getState().backbone.phase !== phase) setState((state) => ({ backbone: { ...state.backbone, phase } }));
      return;
    }
    try {
      if (backbone === '') return await close(isStale);
      setState(({ backbone: before }) => ({ backbone: { ...before, phase: 'opening' } }));
      await open(wish, isStale);
    } catch (thrown) {
      if (isStale()) return;
      const { kind, sentence } = toEngineError(thrown);
      if (kind !== 'cancelled') notify({ kind: 'error', title: 'The model was not opened', sentence });
      giveUp();
    }
  }

  async function close(isStale: () => boolean): Promise<void> {
    await askEngine(FAMILY_WISH, async () => engine()?.closeBackbone());
    if (isStale()) return;
    opened = null;
    settle(FAMILY_SUBJECT, null);
  }

  async function open(wanted: Wish, isStale: () => boolean): Promise<void> {
    const present = engine();
    if (present === null) return;
    const isSame = opened?.backbone === wanted.backbone;
    const found = await shelf.get(wanted.backbone);
    if (isStale()) return;
    if (found === null) {
      notify({
        kind: 'info',
        title: 'This model is not in this browser',
        sentence: `“${wanted.backbone}” has to be fetched first: open the Models page, fetch it there, and come back.`,
      });
      giveUp();
      return;
    }
    const student = wanted.student === '' ? null : await shelf.get(wanted.student);
    if (wanted.student !== '' && student === null && !isStale()) {
      notify({
        kind: 'info',
        title: 'The student is not in this browser',
        sentence: `“${wanted.student}” is not kept here any more; the model is opened without it.`,
      });
    }
    const shown = await photographs.list();
    const input = isSame && opened !== null ? opened.input : await inputFor(present, found);
    const calibration =
      isSame && opened !== null
        ? opened.calibration
        : await calibrationFor(input, shown.slice(0, CALIBRATION_PICTURES));
    const request: OpenBackboneRequest = {
      file: held?.backbone === wanted.backbone ? null : fileOf(found),
      student: student === null ? null : fileOf(student),
      recipe: parseRecipe(wanted.recipe) ?? DEFAULT_RECIPE,
      normalization: { mean: input.mean.slice(0, input.channels), std: input.std.slice(0, input.channels) },
      calibration,
      numHeads: numHeadsOf(found.entry.configJson),
    };
    if (isStale()) return;
    const answer = await askEngine(wanted, () => present.openBackbone(request));
    const classNames = (await photographs.classNames(answer.config.numClasses)) ?? [];
    const entries = await shelf.list();
    if (isStale()) return;
    opened = { ...wanted, input, calibration };
    setState(({ image, backbone }) => ({
      image: { ...image, photographs: shown },
      backbone: {
        ...backbone,
        shelved: entries.filter(isOther(wanted.backbone)).map(({ id, label }) => ({ id, label })),
      },
    }));
    settle(subjectOf(answer, classNames), answer);
  }

  /** The file tells its size; its input follows from that and from the config beside it. */
  async function inputFor(
    present: EngineClient,
    { entry, bytes }: { entry: CachedCheckpoint; bytes: Uint8Array<ArrayBuffer> },
  ) {
    const report = await present.inspect({ bytes: bytes.buffer, numHeads: numHeadsOf(entry.configJson) });
    const { imageSize, inChannels } = report.config;
    return { ...inputOf(entry.configJson, imageSize), channels: inChannels };
  }

  /** One after the other: each takes a while to resize, and the page must listen between them. */
  async function calibrationFor(input: BackboneInput, shown: readonly Photograph[]): Promise<readonly Float32Array[]> {
    const inputs: Float32Array[] = [];
    for (const photograph of shown) {
      inputs.push(photoInput(await raster(photograph), specOf(input), null).pixels);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return inputs;
  }

  /** Another model is on screen, or another student of the same. */
  function settle(subject: Subject, answer: OpenedBackbone | null): void {
    setState((state) => {
      const isOther = state.subject.id !== subject.id;
      const selection = withinSubject(state.selection, subject, isOther);
      return {
        ...(isOther ? { image: { ...state.image, current: null }, results: INITIAL_RESULTS } : {}),
        ...replaceSelection(state, selection),
        subject,
        backbone: {
          ...state.backbone,
          phase: answer === null ? 'none' : 'open',
          opened: answer,
          input: opened?.input ?? null,
        },
      };
    });
    changed();
  }

  /** Back to what is open. */
  function giveUp(): void {
    setState((state) => ({
      ...replaceSelection(state, {
        ...withinSubject(state.selection, state.subject, false),
        backbone: opened?.backbone ?? '',
        student: opened?.student ?? '',
        recipe: opened?.recipe ?? DEFAULT_SELECTION.recipe,
      }),
      backbone: { ...state.backbone, phase: opened === null ? 'none' : 'open' },
    }));
    changed();
  }

  return {
    follow,
    photo: async (key) => {
      const photograph = getState().image.photographs?.find(({ id }) => `photo-${id}` === key);
      if (photograph === undefined || opened === null) return null;
      const { pixels, bytes } = photoInput(await raster(photograph), specOf(opened.input), null);
      return { kind: 'photo', key, photograph, pixels, bytes };
    },
    own: ({ key, name, original, options }) => {
      if (opened === null) throw new Error('no backbone is open');
      const { pixels, bytes, crop } = photoInput(original, specOf(opened.input), options.crop);
      return { kind: 'own', key, name, original, options, pixels, bytes, applied: { crop, inverted: false } };
    },
  };
}

function specOf({ imageSize, resize, interpolation, channels }: BackboneInput): PhotoInputSpec {
  return { size: imageSize, resize: Math.max(resize, imageSize), interpolation, channels };
}

function fileOf({ entry, bytes }: { entry: CachedCheckpoint; bytes: Uint8Array<ArrayBuffer> }): BackboneFile {
  return { id: entry.id, label: entry.label, bytes: bytes.buffer, configJson: entry.configJson };
}

function isOther(id: string) {
  return (entry: CachedCheckpoint): boolean => entry.id !== id;
}

/** A place that the subject has: the middle of the picture for a new one, and the student that is there. */
function withinSubject(selection: Selection, subject: Subject, isNew: boolean): Selection {
  const layer = Math.min(selection.layer, subject.layers.length - 1);
  const head = Math.min(selection.head, layerAt(subject, layer).heads - 1);
  const place = { layer, head, query: isNew && selection.query >= queryCount(subject) ? 0 : selection.query };
  const compare = selection.compare.filter((id) => subject.modelIds.includes(id));
  return {
    ...selection,
    ...place,
    query: Math.min(place.query, queryCount(subject) - 1),
    compare: compare.length >= 2 ? compare : [],
    ...switchesOf(selection, subject),
  };
}

/** The switches name a student that is there: one that was not trained has no ranking-aware distillation. */
function switchesOf({ scaling, ranking }: Selection, { modelIds }: Subject): Pick<Selection, 'scaling' | 'ranking'> {
  const places = [
    { id: 'baseline', scaling: false, ranking: false },
    { id: 'scaling', scaling: true, ranking: false },
    { id: 'ranking', scaling: false, ranking: true },
    { id: 'bi-vit', scaling: true, ranking: true },
  ] as const;
  const there = places.filter(({ id }) => modelIds.includes(id));
  const same = there.find((place) => place.scaling === scaling && place.ranking === ranking);
  const near = same ?? there.find((place) => place.scaling === scaling) ?? there[0];
  return near === undefined ? { scaling, ranking } : { scaling: near.scaling, ranking: near.ranking };
}
