import type { MemberId } from '@/models/families/family';
import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { createCheckpointCache, type CachedCheckpoint } from '@/lib/checkpoints/checkpoint-cache';
import type { Photograph } from '@/lib/images/photographs';
import type { RasterImage } from '@/lib/images/raster';
import { backboneDesk, type Photographs } from '@/state/backbone-desk';
import { DEFAULT_PREPROCESS, sampleImage } from '@/state/image-slice';
import type { CurrentImage, AppState } from '@/state/app-state';
import { addNotice } from '@/state/notices-slice';
import { DEFAULT_SELECTION, type Selection } from '@/state/selection-types';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import type { CheckpointReport, OpenBackboneRequest, OpenedBackbone } from '@/engine/backbone';
import type { EngineClient } from '@/engine/client';
import { EngineError } from '@/engine/engine-error';
import { FAMILY } from '@/tests/fashion-mnist';
import { DEFAULT_RECIPE, parseRecipe } from '@/models/recipe';
import type { DeitConfig } from '@/models/config';
import { makeState } from '../components/fake-app';

const CONFIG: DeitConfig = {
  architecture: 'deit',
  quantization: 'none',
  imageSize: 32,
  patchSize: 8,
  inChannels: 3,
  embedDim: 12,
  depth: 2,
  numHeads: 3,
  mlpRatio: 4,
  numClasses: 7,
  distilled: false,
  normEps: 1e-6,
  qkNormEps: 1e-5,
};

const REPORT: CheckpointReport = {
  config: CONFIG,
  isBinary: false,
  parameters: 1,
  used: 1,
  ignored: [],
  missing: [],
};

const TINY = 'lens/tiny';
const OTHER = 'lens/other';
const STUDENT = 'lens/student';
const RECIPE = 'lin.qkv.elastic.official';

/** What each repository on the shelf holds. */
const FILES: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  [TINY]: Uint8Array.of(1, 1),
  [OTHER]: Uint8Array.of(2, 2, 2),
  [STUDENT]: Uint8Array.of(3),
};

const CONFIG_JSON = JSON.stringify({
  model_args: { num_heads: 3 },
  pretrained_cfg: { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6], crop_pct: 0.8 },
});

function entryOf(id: string, bytes: number, savedAtMs: number): CachedCheckpoint {
  return {
    id,
    label: `label of ${id}`,
    source: { kind: 'hub', repo: id, revision: 'a'.repeat(40) },
    bytes,
    sha256: '0'.repeat(64),
    verified: 'hub',
    savedAtMs,
    configJson: CONFIG_JSON,
  };
}

/** Every photograph is a grey of its own. */
const GREYS = [10, 20, 30, 40, 50];
const SHOWN: readonly Photograph[] = GREYS.map((grey) => ({
  id: `grey-${grey}`,
  title: `Grey ${grey}`,
  url: `/photographs/grey-${grey}.jpg`,
  width: 48,
  height: 40,
  licence: 'CC0-1.0',
  credit: 'nobody',
  source: 'https://example.org',
}));

function rasterOf(grey: number): RasterImage {
  const data = Uint8ClampedArray.from({ length: 48 * 40 * 4 }, (_, i) => (i % 4 === 3 ? 255 : grey));
  return { width: 48, height: 40, data };
}

const greyOf = ({ id }: Photograph): number => Number(id.replace('grey-', ''));

function deferred<T>() {
  let resolve = (_value: T): void => {};
  let reject = (_error: unknown): void => {};
  const promise = new Promise<T>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

/** A client that has one backbone open, and none of the family's tasks. */
function fakeClient() {
  let present = '';
  const open = async ({ file, student }: OpenBackboneRequest): Promise<OpenedBackbone> => {
    present = file?.id ?? present;
    const trained: readonly MemberId[] = student === null ? [] : ['bi-vit'];
    const modelIds: readonly MemberId[] = ['teacher', 'baseline', 'scaling', ...trained];
    return { id: present, label: `label of ${present}`, config: CONFIG, modelIds, report: REPORT };
  };
  const refuse = async (): Promise<never> => {
    throw new Error('not asked for here');
  };
  return {
    openBackbone: vi.fn<EngineClient['openBackbone']>(open),
    closeBackbone: vi.fn<EngineClient['closeBackbone']>(async () => {
      present = '';
    }),
    inspect: vi.fn<EngineClient['inspect']>(async () => REPORT),
    explore: refuse,
    analyze: refuse,
    cancelAnalysis: () => {},
    live: refuse,
    replaceMember: refuse,
    compareGolden: refuse,
    restart: () => {},
    close: () => {},
  } satisfies EngineClient;
}

interface Options {
  readonly state?: Partial<AppState>;
  readonly classNames?: Photographs['classNames'];
  readonly withEngine?: boolean;
}

async function setUp({ state = {}, classNames = async () => null, withEngine = true }: Options = {}) {
  const store = createStore<AppState>(() => makeState(state));
  const shelf = createCheckpointCache(null, null);
  let savedAtMs = 0;
  for (const [id, bytes] of Object.entries(FILES)) await shelf.put(entryOf(id, bytes.length, ++savedAtMs), bytes);
  const client = fakeClient();
  const changed = vi.fn<() => void>();
  const openPhotograph = vi.fn<Photographs['open']>(async (photograph) => rasterOf(greyOf(photograph)));
  let present: EngineClient | null = withEngine ? client : null;
  const desk = backboneDesk({
    store,
    shelf,
    changed,
    engine: () => present,
    notify: (notice) => store.setState(({ notices }) => ({ notices: addNotice(notices, notice) })),
    photographs: { list: async () => SHOWN, open: openPhotograph, classNames },
  });
  const requests = (): readonly OpenBackboneRequest[] => client.openBackbone.mock.calls.map(([request]) => request);
  return {
    desk,
    shelf,
    client,
    changed,
    openPhotograph,
    requests,
    show: (current: CurrentImage | null) => store.setState(({ image }) => ({ image: { ...image, current } })),
    state: store.getState,
    engineArrives: () => {
      present = client;
    },
    /** As the lens does it: the selection changes, and the desk follows. */
    wish: (change: Partial<Selection>): Promise<void> => {
      store.setState(({ selection }) => ({ selection: { ...selection, ...change } }));
      return desk.follow();
    },
    lastRequest: (): OpenBackboneRequest => {
      const request = requests().at(-1);
      if (request === undefined) throw new Error('nothing was opened');
      return request;
    },
    asked: (times: number): Promise<void> =>
      vi.waitFor(() => expect(client.openBackbone).toHaveBeenCalledTimes(times), { interval: 1 }),
  };
}

type SetUp = Awaited<ReturnType<typeof setUp>>;

/** Makes the next opening wait for the test. */
function holdNext({ client }: SetUp) {
  const held = deferred<OpenedBackbone>();
  client.openBackbone.mockImplementationOnce(() => held.promise);
  return held;
}

function answerFor(id: string): OpenedBackbone {
  return { id, label: `label of ${id}`, config: CONFIG, modelIds: ['teacher', 'baseline', 'scaling'], report: REPORT };
}

/** Selection, subject and state name the same model, and nothing is on its way. */
function expectOpen({ state }: SetUp, id: string): void {
  const { selection, subject, backbone } = state();
  expect(selection.backbone).toBe(id);
  expect(subject).toMatchObject({ id, kind: id === '' ? 'family' : 'backbone' });
  expect(backbone.phase).toBe(id === '' ? 'none' : 'open');
  expect(backbone.opened?.id ?? '').toBe(id);
}

describe('a backbone that the selection names', () => {
  it('is opened with its file, its heads and what its pictures are normalized by', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    expect(lens.requests()).toHaveLength(1);
    const { file, student, recipe, normalization, numHeads } = lens.lastRequest();
    expect(file).toMatchObject({ id: TINY, label: `label of ${TINY}`, configJson: CONFIG_JSON });
    expect(new Uint8Array(file?.bytes ?? new ArrayBuffer(0))).toEqual(FILES[TINY]);
    expect({ student, recipe, normalization, numHeads }).toEqual({
      student: null,
      recipe: DEFAULT_RECIPE,
      normalization: { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] },
      numHeads: 3,
    });
    expectOpen(lens, TINY);
    expect(lens.state().notices).toEqual([]);
  });

  it('gives the panels its shape', async () => {
    const lens = await setUp({
      classNames: async (classes) => Array.from({ length: classes }, (_, i) => `class ${i}`),
    });
    await lens.wish({ backbone: TINY });
    const { subject } = lens.state();
    expect(subject).toMatchObject({ name: `label of ${TINY}`, imageSize: 32, channels: 3, classes: 7 });
    expect(subject.layers.map(({ heads }) => heads)).toEqual([3, 3]);
    expect(subject.classNames).toHaveLength(7);
    expect(subject.modelIds).toEqual(['teacher', 'baseline', 'scaling']);
  });

  it('has no names of classes where nobody knows them', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    expect(lens.state().subject.classNames).toEqual([]);
  });

  it('has its factors fitted to the first four photographs, as it sees them', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    const { calibration } = lens.lastRequest();
    expect(calibration.map((pixels) => pixels.length)).toEqual([0, 1, 2, 3].map(() => 3 * 32 * 32));
    for (const [index, pixels] of calibration.entries()) {
      const grey = Math.fround((GREYS[index] ?? NaN) / 255);
      expect(new Set(pixels)).toEqual(new Set([grey]));
    }
  });

  it('takes away the picture and the results of the model before', async () => {
    const sample = sampleImage({ index: 1, label: 1, bytes: new Uint8Array(784) });
    const lens = await setUp({
      state: {
        image: { samples: null, photographs: null, current: sample },
        results: {
          current: { logits: {}, traces: {}, distortions: {}, forwardMs: {} },
          key: 'test',
          stale: false,
          prepared: false,
        },
      },
    });
    await lens.wish({ backbone: TINY });
    expect(lens.state().image).toMatchObject({ current: null, photographs: SHOWN });
    expect(lens.state().results).toMatchObject({ current: null, key: null });
    expect(lens.changed).toHaveBeenCalledOnce();
  });

  it('is on its way until it is open', async () => {
    const lens = await setUp();
    const held = holdNext(lens);
    const following = lens.wish({ backbone: TINY });
    await lens.asked(1);
    expect(lens.state().backbone.phase).toBe('opening');
    expect(lens.state().subject).toBe(DEFAULT_FAMILY);
    expect(lens.changed).not.toHaveBeenCalled();
    held.resolve(answerFor(TINY));
    await following;
    expectOpen(lens, TINY);
  });

  it('is opened once, however often the desk follows', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    await lens.desk.follow();
    await lens.wish({ layer: 1, head: 1, panel: 'ranking' });
    expect(lens.requests()).toHaveLength(1);
    expect(lens.changed).toHaveBeenCalledOnce();
  });

  it('waits for the engine', async () => {
    const lens = await setUp({ withEngine: false });
    await lens.wish({ backbone: TINY });
    expect(lens.requests()).toEqual([]);
    expect(lens.state().notices).toEqual([]);
    expect(lens.state().selection.backbone).toBe(TINY);
    lens.engineArrives();
    await lens.desk.follow();
    expectOpen(lens, TINY);
  });

  it('is followed by another in its place', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    await lens.wish({ backbone: OTHER });
    expect(new Uint8Array(lens.lastRequest().file?.bytes ?? new ArrayBuffer(0))).toEqual(FILES[OTHER]);
    expectOpen(lens, OTHER);
  });

  it('finds the others that are kept here beside it', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    expect(lens.state().backbone.shelved).toEqual([
      { id: STUDENT, label: `label of ${STUDENT}` },
      { id: OTHER, label: `label of ${OTHER}` },
    ]);
  });

  it('shows a shipped photograph as it sees it, and nothing of another name', async () => {
    const lens = await setUp();
    expect(await lens.desk.photo('photo-grey-20')).toBeNull();
    await lens.wish({ backbone: TINY });
    const photo = await lens.desk.photo('photo-grey-20');
    expect(photo).toMatchObject({ kind: 'photo', key: 'photo-grey-20', photograph: SHOWN[1] });
    expect(photo?.bytes).toEqual(new Uint8Array(3 * 32 * 32).fill(20));
    expect(await lens.desk.photo('photo-red')).toBeNull();
    expect(await lens.desk.photo('grey-20')).toBeNull();
  });

  it('shows a picture of the visitor’s as it sees it, all of it or a square', async () => {
    const lens = await setUp();
    const record = { key: 'own-0123456789abcdef', name: 'mine', original: rasterOf(90), options: DEFAULT_PREPROCESS };
    expect(() => lens.desk.own(record)).toThrow(/no backbone is open/);
    await lens.wish({ backbone: TINY });
    // The shorter side, 40 pixels, becomes 32 / 0.8 = 40 of which the middle 32 are seen.
    expect(lens.desk.own(record)).toMatchObject({
      kind: 'own',
      key: record.key,
      name: 'mine',
      applied: { crop: { x: 8, y: 4, size: 32 }, inverted: false },
    });
    const crop = { x: 3, y: 5, size: 20 };
    const square = lens.desk.own({ ...record, options: { ...DEFAULT_PREPROCESS, crop } });
    expect(square.applied.crop).toEqual(crop);
    expect(square.bytes).toEqual(new Uint8Array(3 * 32 * 32).fill(90));
  });
});

describe('another recipe', () => {
  it('is tried on the backbone that is open, without its file', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    await lens.wish({ recipe: RECIPE });
    expect(lens.requests()).toHaveLength(2);
    expect(lens.lastRequest()).toMatchObject({ file: null, student: null, recipe: parseRecipe(RECIPE) });
    expect(lens.lastRequest().calibration).toEqual(lens.requests()[0]?.calibration);
    expect(lens.lastRequest().normalization).toEqual(lens.requests()[0]?.normalization);
    expect(lens.client.inspect).toHaveBeenCalledOnce();
    expectOpen(lens, TINY);
    expect(lens.changed).toHaveBeenCalledTimes(2);
  });

  it('leaves the picture on screen', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    const photo = await lens.desk.photo('photo-grey-10');
    expect(photo).not.toBeNull();
    lens.show(photo);
    await lens.wish({ recipe: RECIPE });
    expect(lens.state().image.current).toBe(photo);
  });

  it('does not concern the family', async () => {
    const lens = await setUp();
    await lens.wish({ recipe: RECIPE });
    expect(lens.requests()).toEqual([]);
    expect(lens.client.closeBackbone).not.toHaveBeenCalled();
    expectOpen(lens, '');
  });

  it('that nobody can read is the default one', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY, recipe: 'by magic' });
    expect(lens.lastRequest().recipe).toEqual(DEFAULT_RECIPE);
  });

  it('comes with the file for another backbone', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    await lens.wish({ backbone: OTHER, recipe: RECIPE });
    expect(lens.lastRequest()).toMatchObject({ file: { id: OTHER }, recipe: parseRecipe(RECIPE) });
  });

  it('comes with the file again after the family was back', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    await lens.wish({ backbone: '' });
    await lens.wish({ backbone: TINY, recipe: RECIPE });
    expect(lens.lastRequest().file).toMatchObject({ id: TINY });
  });
});

describe('a trained student', () => {
  it('is brought beside the backbone that is open', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    await lens.wish({ student: STUDENT });
    const { file, student } = lens.lastRequest();
    expect(file).toBeNull();
    expect(student).toMatchObject({ id: STUDENT });
    expect(new Uint8Array(student?.bytes ?? new ArrayBuffer(0))).toEqual(FILES[STUDENT]);
    expect(lens.state().subject.modelIds).toEqual(['teacher', 'baseline', 'scaling', 'bi-vit']);
  });

  it('leaves with the selection', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY, student: STUDENT });
    await lens.wish({ student: '' });
    expect(lens.lastRequest()).toMatchObject({ file: null, student: null });
    expect(lens.state().subject.modelIds).not.toContain('bi-vit');
  });
});

describe('a backbone that is not in this browser', () => {
  it('is said so, and the family stays', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: 'lens/unknown' });
    expect(lens.state().notices).toMatchObject([
      { kind: 'info', title: 'This model is not in this browser', sentence: expect.stringContaining('lens/unknown') },
    ]);
    expect(lens.requests()).toEqual([]);
    expectOpen(lens, '');
    expect(lens.state().selection).toEqual(DEFAULT_SELECTION);
  });

  it('is said so, and the backbone that is open stays', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY, recipe: RECIPE, student: STUDENT });
    await lens.wish({ backbone: 'lens/unknown', student: '', recipe: DEFAULT_SELECTION.recipe });
    expect(lens.state().notices).toMatchObject([{ kind: 'info' }]);
    expectOpen(lens, TINY);
    expect(lens.state().selection).toMatchObject({ student: STUDENT, recipe: RECIPE });
    expect(lens.requests()).toHaveLength(1);
  });

  it('leaves a place that the family has, though the address named one of the backbone', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: 'lens/unknown', layer: 11, head: 11, query: 190 });
    const { layer, head, query } = lens.state().selection;
    expect(layer).toBeLessThan(FAMILY.layers);
    expect(head).toBeLessThan(FAMILY.heads);
    expect(query).toBeLessThan(FAMILY.tokens);
  });
});

describe('of several wishes the newest', () => {
  it('wins over an older one that is answered later', async () => {
    const lens = await setUp();
    const held = holdNext(lens);
    const older = lens.wish({ backbone: TINY });
    await lens.asked(1);
    await lens.wish({ backbone: OTHER });
    expectOpen(lens, OTHER);
    held.resolve(answerFor(TINY));
    await older;
    expectOpen(lens, OTHER);
    expect(lens.changed).toHaveBeenCalledOnce();
  });

  it('hears nothing of the older one, which the engine cancelled', async () => {
    const lens = await setUp();
    const held = holdNext(lens);
    const older = lens.wish({ backbone: TINY });
    await lens.asked(1);
    const newer = lens.wish({ backbone: OTHER });
    held.reject(new EngineError('cancelled', 'Another model took its place.'));
    await Promise.all([older, newer]);
    expectOpen(lens, OTHER);
    expect(lens.state().notices).toEqual([]);
  });

  it('hears nothing of the older one, which failed', async () => {
    const lens = await setUp();
    const held = holdNext(lens);
    const older = lens.wish({ backbone: TINY });
    await lens.asked(1);
    await lens.wish({ backbone: OTHER });
    held.reject(new EngineError('checkpoint', 'It was broken.'));
    await older;
    expectOpen(lens, OTHER);
    expect(lens.state().notices).toEqual([]);
  });

  it('is all that is opened when both come at once', async () => {
    const lens = await setUp();
    await Promise.all([lens.wish({ backbone: TINY }), lens.wish({ backbone: OTHER })]);
    expect(lens.requests().map(({ file }) => file?.id)).toEqual([OTHER]);
    expectOpen(lens, OTHER);
  });

  it('is the family, when the visitor goes back before the backbone is open', async () => {
    const lens = await setUp();
    const held = holdNext(lens);
    const older = lens.wish({ backbone: TINY });
    await lens.asked(1);
    const back = lens.wish({ backbone: '' });
    held.resolve(answerFor(TINY));
    await Promise.all([older, back]);
    expectOpen(lens, '');
  });

  it('is the backbone that is open, when the visitor goes back to it before another one is', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    const held = holdNext(lens);
    const older = lens.wish({ backbone: OTHER });
    await lens.asked(2);
    const back = lens.wish({ backbone: TINY });
    held.resolve(answerFor(OTHER));
    await Promise.all([older, back]);
    expectOpen(lens, TINY);
  });

  it('is the backbone, when the visitor goes back to it before it is closed', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    const held = deferred<void>();
    lens.client.closeBackbone.mockImplementationOnce(() => held.promise);
    const closing = lens.wish({ backbone: '' });
    await vi.waitFor(() => expect(lens.client.closeBackbone).toHaveBeenCalledOnce(), { interval: 1 });
    const back = lens.wish({ backbone: TINY });
    held.resolve();
    await Promise.all([closing, back]);
    expectOpen(lens, TINY);
  });

  it('is sent with its file, when the engine has opened another one meanwhile', async () => {
    const held = deferred<readonly string[] | null>();
    const classNames = vi.fn<Photographs['classNames']>(async () => null);
    const lens = await setUp({ classNames });
    await lens.wish({ backbone: TINY });
    classNames.mockImplementationOnce(() => held.promise);
    const older = lens.wish({ backbone: OTHER });
    await vi.waitFor(() => expect(classNames).toHaveBeenCalledTimes(2), { interval: 1 });
    const back = lens.wish({ backbone: TINY, recipe: RECIPE });
    held.resolve(null);
    await Promise.all([older, back]);
    expect(lens.lastRequest()).toMatchObject({ file: { id: TINY }, recipe: parseRecipe(RECIPE) });
    expectOpen(lens, TINY);
  });

  it('is the recipe before, when the visitor goes back to it before the other one is tried', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    const held = holdNext(lens);
    const older = lens.wish({ recipe: RECIPE });
    await lens.asked(2);
    const back = lens.wish({ recipe: DEFAULT_SELECTION.recipe });
    held.resolve(answerFor(TINY));
    await Promise.all([older, back]);
    expectOpen(lens, TINY);
    expect(lens.lastRequest().recipe).toEqual(DEFAULT_RECIPE);
  });
});

describe('going back to the family', () => {
  it('closes the backbone, and takes its picture away', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    await lens.wish({ backbone: '' });
    expect(lens.client.closeBackbone).toHaveBeenCalledOnce();
    expectOpen(lens, '');
    expect(lens.state().subject).toBe(DEFAULT_FAMILY);
    expect(lens.state().image.current).toBeNull();
    expect(lens.changed).toHaveBeenCalledTimes(2);
    expect(await lens.desk.photo('photo-grey-20')).toBeNull();
  });

  it('asks nothing of the engine when the family is what is open', async () => {
    const lens = await setUp();
    await lens.desk.follow();
    expect(lens.client.closeBackbone).not.toHaveBeenCalled();
    expect(lens.changed).not.toHaveBeenCalled();
  });
});

describe('what goes wrong', () => {
  const broken = new EngineError('checkpoint', 'The file is broken. Choose another one.');

  it('while a backbone is opened is said, and the family stays', async () => {
    const lens = await setUp();
    lens.client.openBackbone.mockRejectedValueOnce(broken);
    await lens.wish({ backbone: TINY });
    expect(lens.state().notices).toMatchObject([
      { kind: 'error', title: 'The model was not opened', sentence: broken.sentence },
    ]);
    expectOpen(lens, '');
  });

  it('while another one is opened is said, and the one that is open stays', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY, recipe: RECIPE });
    lens.client.openBackbone.mockRejectedValueOnce(broken);
    await lens.wish({ backbone: OTHER, recipe: DEFAULT_SELECTION.recipe });
    expect(lens.state().notices).toMatchObject([{ kind: 'error', sentence: broken.sentence }]);
    expectOpen(lens, TINY);
    expect(lens.state().selection.recipe).toBe(RECIPE);
    expect(await lens.desk.photo('photo-grey-20')).not.toBeNull();
  });

  it('with a recipe is said, and the recipe before stays', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY });
    lens.client.openBackbone.mockRejectedValueOnce(broken);
    await lens.wish({ recipe: RECIPE });
    expect(lens.state().notices).toMatchObject([{ kind: 'error' }]);
    expectOpen(lens, TINY);
    expect(lens.state().selection.recipe).toBe(DEFAULT_SELECTION.recipe);
  });

  it('in a file that is not understood is said in its own sentence', async () => {
    const lens = await setUp();
    lens.client.inspect.mockRejectedValueOnce(new CheckpointError('This is a picture of a cat.'));
    await lens.wish({ backbone: TINY });
    expect(lens.state().notices).toMatchObject([{ kind: 'error', sentence: 'This is a picture of a cat.' }]);
    expect(lens.requests()).toEqual([]);
    expectOpen(lens, '');
  });

  it('is no news when somebody cancelled it', async () => {
    const lens = await setUp();
    lens.client.openBackbone.mockRejectedValueOnce(new EngineError('cancelled', 'The page is closing.'));
    await lens.wish({ backbone: TINY });
    expect(lens.state().notices).toEqual([]);
    expectOpen(lens, '');
  });

  it('does not stand in the way of the next try', async () => {
    const lens = await setUp();
    lens.client.openBackbone.mockRejectedValueOnce(broken);
    await lens.wish({ backbone: TINY });
    await lens.wish({ backbone: TINY });
    expect(lens.lastRequest().file).toMatchObject({ id: TINY });
    expectOpen(lens, TINY);
  });

  it('with a photograph does not stand in the way of the next try', async () => {
    const lens = await setUp();
    lens.openPhotograph.mockRejectedValueOnce(new EngineError('network', 'The connection dropped.'));
    await lens.wish({ backbone: TINY });
    expect(lens.state().notices).toMatchObject([{ kind: 'error', sentence: 'The connection dropped.' }]);
    expectOpen(lens, '');
    await lens.wish({ backbone: TINY });
    expectOpen(lens, TINY);
  });
});

describe('the place in a backbone', () => {
  it('is one that it has', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY, layer: 3, head: 3, query: 33 });
    expect(lens.state().selection).toMatchObject({ layer: 1, head: 2, query: 0 });
  });

  it('stays where it can', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY, layer: 1, head: 1, query: 16 });
    expect(lens.state().selection).toMatchObject({ layer: 1, head: 1, query: 16 });
  });

  it('is no step of the history', async () => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY, layer: 3 });
    expect(lens.state().history).toMatchObject({ past: [], future: [] });
  });
});

describe('the switches', () => {
  const places = [
    { id: 'baseline', scaling: false, ranking: false },
    { id: 'scaling', scaling: true, ranking: false },
    { id: 'ranking', scaling: false, ranking: true },
    { id: 'bi-vit', scaling: true, ranking: true },
  ] as const;

  it.each(places)('stay as they are where their student is there: $id', async ({ id, scaling, ranking }) => {
    const lens = await setUp();
    lens.client.openBackbone.mockResolvedValueOnce({ ...answerFor(TINY), modelIds: ['teacher', id] });
    await lens.wish({ backbone: TINY, scaling, ranking });
    expect(lens.state().selection).toMatchObject({ scaling, ranking });
  });

  it.each([
    ['on and on', true, true, true, false],
    ['off and on', false, true, false, false],
  ])('lose the distillation that nobody did, from %s', async (_from, scaling, ranking, scalingAfter, rankingAfter) => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY, scaling, ranking });
    expect(lens.state().selection).toMatchObject({ scaling: scalingAfter, ranking: rankingAfter });
  });

  it.each(places)('name the only student that is there: $id', async ({ id, scaling, ranking }) => {
    const lens = await setUp();
    lens.client.openBackbone.mockResolvedValueOnce({ ...answerFor(TINY), modelIds: ['teacher', id] });
    await lens.wish({ backbone: TINY, scaling: !scaling, ranking: !ranking });
    expect(lens.state().selection).toMatchObject({ scaling, ranking });
  });

  it('stay as they are where there is no student', async () => {
    const lens = await setUp();
    lens.client.openBackbone.mockResolvedValueOnce({ ...answerFor(TINY), modelIds: ['teacher'] });
    await lens.wish({ backbone: TINY, scaling: false, ranking: true });
    expect(lens.state().selection).toMatchObject({ scaling: false, ranking: true });
  });

  it.each<[readonly MemberId[], readonly MemberId[]]>([
    [
      ['teacher', 'baseline', 'ranking', 'bi-vit'],
      ['teacher', 'baseline'],
    ],
    [['teacher', 'bi-vit'], []],
    [['ranking', 'bi-vit'], []],
  ])('leave of the models that are compared, %j, those that are there: %j', async (compare, left) => {
    const lens = await setUp();
    await lens.wish({ backbone: TINY, compare });
    expect(lens.state().selection.compare).toEqual(left);
  });
});
