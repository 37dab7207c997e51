import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { EngineClient } from '@/engine/client';
import { EngineError } from '@/engine/engine-error';
import type { Fetch } from '@/engine/fetch';
import type { OpenedFamily, OpenFamilyRequest } from '@/engine/protocol';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import type { DeitConfig } from '@/models/architectures/deit/config';
import { checkpointFamily } from '@/models/families/checkpoint-family';
import { memberIds, type MemberId } from '@/models/families/family';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import type { AppState } from '@/state/app-state';
import { familyLoader, type CheckpointPlanner, type FamilyWish } from '@/state/family-loader';
import { addNotice } from '@/state/notices-slice';
import { INITIAL_RESULTS } from '@/state/results-slice';
import { greyImage, greySample } from '@/state/sample-sources';
import { DEFAULT_SELECTION, type Selection } from '@/state/selection-types';
import { makeExploration, makeState } from '../components/fake-app';

/** Two layers of three heads over 4 x 4 patches: 17 tokens. */
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

const TINY = 'made/tiny';
const OTHER = 'made/other';
const STUDENT = 'made/student';
const RECIPE = 'lin.qkv.elastic.official';
const KNOWN = [TINY, OTHER];
const MADE: readonly MemberId[] = ['teacher', 'baseline', 'scaling'];

const answerFor = (familyId: string, members: readonly MemberId[] = MADE): OpenedFamily =>
  familyId === DEFAULT_FAMILY.id
    ? { familyId, config: DEFAULT_FAMILY.config, memberIds: memberIds(DEFAULT_FAMILY), report: null }
    : {
        familyId,
        config: CONFIG,
        memberIds: members,
        report: { config: CONFIG, isBinary: false, parameters: 1, used: 1, ignored: [], missing: [] },
      };

function deferred<T>() {
  let resolve = (_value: T): void => {};
  let reject = (_error: unknown): void => {};
  const promise = new Promise<T>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

/** Plans for the checkpoints that are known, with the name of the file as its bytes. */
function fakePlanner() {
  const fileOf = (id: string) => ({ id, label: id, bytes: new ArrayBuffer(id.length), numHeads: null });
  return {
    plan: vi.fn<CheckpointPlanner['plan']>(async ({ family: id, student, recipe }, isOpen) => {
      if (!KNOWN.includes(id)) return null;
      return {
        request: {
          familyId: id,
          weights: isOpen ? null : fileOf(id),
          trained: student === '' ? null : fileOf(student),
          recipe: recipe as never,
        },
        pictures: { preprocessing: async () => DEFAULT_FAMILY.preprocessing, samples: async () => [] },
        samples: { list: async () => [], image: async (sample) => greyImage(sample) },
        familyOf: async (opened) =>
          checkpointFamily({
            id,
            name: `name of ${id}`,
            config: CONFIG,
            preprocessing: DEFAULT_FAMILY.preprocessing,
            classNames: [],
            memberIds: opened.memberIds,
            trainedId: student === '' ? null : student,
          }),
        otherCheckpoints: KNOWN.filter((other) => other !== id).map((other) => ({ id: other, label: other })),
      };
    }),
  } satisfies CheckpointPlanner;
}

interface Options {
  readonly state?: Partial<AppState>;
  readonly withEngine?: boolean;
  readonly fetch?: Fetch;
}

const serveManifest: Fetch = async () => new Response('{"models": []}');

async function setUp({ state = {}, withEngine = true, fetch = serveManifest }: Options = {}) {
  const store = createStore<AppState>(() => makeState(state));
  const openFamily = vi.fn<EngineClient['openFamily']>(async ({ familyId, trained }) =>
    answerFor(familyId, trained === null ? MADE : [...MADE, 'bi-vit']),
  );
  const client = { openFamily } as unknown as EngineClient;
  const changed = vi.fn<(isOther: boolean) => void>();
  const planner = fakePlanner();
  let present: EngineClient | null = withEngine ? client : null;
  const loader = familyLoader({
    store,
    changed,
    engine: () => present,
    notify: (notice) => store.setState(({ notices }) => ({ notices: addNotice(notices, notice) })),
    fetch,
    basePath: '',
    checkpoints: async () => planner,
  });
  const requests = (): readonly OpenFamilyRequest[] => openFamily.mock.calls.map(([request]) => request);
  return {
    loader,
    changed,
    planner,
    openFamily,
    requests,
    state: store.getState,
    setState: store.setState,
    engineArrives: () => {
      present = client;
    },
    /** As the store does it: the selection changes, and the loader follows. */
    wish: (change: Partial<Selection>): Promise<void> => {
      store.setState(({ selection }) => ({ selection: { ...selection, ...change } }));
      return loader.follow();
    },
    /** Starts with the default family open, as the app does. */
    begin: async () => {
      await loader.follow();
      openFamily.mockClear();
    },
    lastRequest: (): OpenFamilyRequest => {
      const request = requests().at(-1);
      if (request === undefined) throw new Error('nothing was opened');
      return request;
    },
    asked: (times: number): Promise<void> =>
      vi.waitFor(() => expect(openFamily).toHaveBeenCalledTimes(times), { interval: 1 }),
    hold: () => {
      const held = deferred<OpenedFamily>();
      openFamily.mockImplementationOnce(() => held.promise);
      return held;
    },
  };
}

type SetUp = Awaited<ReturnType<typeof setUp>>;

async function begun(options: Options = {}): Promise<SetUp> {
  const page = await setUp(options);
  await page.begin();
  return page;
}

/** Selection and family name the same model, and nothing is on its way. */
function expectOpen({ state }: SetUp, id: string): void {
  const { selection, family, opening } = state();
  expect(selection.family).toBe(id);
  expect(family.id).toBe(id);
  expect(opening.phase).toBe('open');
}

describe('the family that the app opens with', () => {
  it('is opened with its embedded weights, and nothing on the page has to change', async () => {
    const page = await setUp();
    await page.loader.follow();
    expect(page.requests()).toEqual([
      { familyId: DEFAULT_FAMILY.id, weights: 'embedded', trained: null, recipe: null },
    ]);
    expectOpen(page, DEFAULT_FAMILY.id);
    expect(page.changed).not.toHaveBeenCalled();
  });

  it('is not concerned by a recipe or a student', async () => {
    const page = await begun();
    await page.wish({ recipe: RECIPE, student: STUDENT });
    expect(page.requests()).toEqual([]);
    expectOpen(page, DEFAULT_FAMILY.id);
  });

  it('is opened again by another engine', async () => {
    const page = await begun();
    page.loader.reopen();
    await page.asked(1);
    expect(page.lastRequest()).toMatchObject({ familyId: DEFAULT_FAMILY.id, weights: 'embedded' });
  });

  it('takes the place of a checkpoint: its picture goes, and samples are its own again', async () => {
    const page = await begun();
    const embedded = page.loader.samples();
    await page.wish({ family: TINY });
    expect(page.loader.samples()).not.toBe(embedded);
    page.setState({
      image: {
        samples: [],
        current: greyImage(greySample({ index: 1, label: 1, bytes: new Uint8Array(784) }, [], 28)),
      },
    });
    await page.wish({ family: DEFAULT_FAMILY.id });
    expectOpen(page, DEFAULT_FAMILY.id);
    expect(page.lastRequest()).toMatchObject({ familyId: DEFAULT_FAMILY.id, weights: 'embedded' });
    expect(page.state().image).toEqual({ samples: null, current: null });
    expect(page.state().opening).toMatchObject({ report: null, otherCheckpoints: [] });
    expect(page.changed.mock.calls).toEqual([[true], [true]]);
    // From files again, which are none here; a checkpoint’s list is empty.
    await expect(page.loader.samples().list()).rejects.toMatchObject({ kind: 'network' });
  });

  it('is back when the engine is stopped, whatever was open', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    page.loader.stop();
    expect(page.state().family.id).toBe(DEFAULT_FAMILY.id);
    expect(page.state().image).toEqual({ samples: null, current: null });
    await page.wish({ family: TINY });
    expect(page.lastRequest()).toMatchObject({ weights: { id: TINY } });
    expectOpen(page, TINY);
  });

  it('is shown without what was measured of it when that cannot be had, which is said once', async () => {
    const page = await setUp({ fetch: async () => new Response(null, { status: 404 }) });
    await page.loader.describe();
    await page.loader.describe();
    await page.loader.follow();
    expect(page.state().notices).toMatchObject([{ kind: 'error', title: 'The list of models is missing' }]);
    expectOpen(page, DEFAULT_FAMILY.id);
  });
});

describe('a checkpoint that the selection names', () => {
  it('is opened with its file', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    expect(page.requests()).toMatchObject([{ familyId: TINY, weights: { id: TINY }, trained: null }]);
    expectOpen(page, TINY);
    expect(page.state().opening.report?.parameters).toBe(1);
    expect(page.state().opening.otherCheckpoints).toEqual([{ id: OTHER, label: OTHER }]);
    expect(page.state().notices).toEqual([]);
  });

  it('gives the panels its shape', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    const { family } = page.state();
    expect(family.layers.map(({ heads }) => heads)).toEqual([3, 3]);
    expect(memberIds(family)).toEqual(MADE);
  });

  it('takes away the picture and the results of the model before', async () => {
    const sample = greyImage(greySample({ index: 1, label: 1, bytes: new Uint8Array(784) }, [], 28));
    const page = await begun({
      state: {
        image: { samples: null, current: sample },
        results: { ...INITIAL_RESULTS, current: makeExploration({}), key: 'test' },
      },
    });
    await page.wish({ family: TINY });
    expect(page.state().image).toEqual({ samples: null, current: null });
    expect(page.state().results).toMatchObject({ current: null, key: null });
    expect(page.changed).toHaveBeenCalledExactlyOnceWith(true);
  });

  it('is on its way until it is open', async () => {
    const page = await begun();
    const held = page.hold();
    const following = page.wish({ family: TINY });
    await page.asked(1);
    expect(page.state().opening.phase).toBe('opening');
    expect(page.state().family.id).toBe(DEFAULT_FAMILY.id);
    expect(page.changed).not.toHaveBeenCalled();
    held.resolve(answerFor(TINY));
    await following;
    expectOpen(page, TINY);
  });

  it('is opened once, however often the loader follows', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    await page.loader.follow();
    await page.wish({ layer: 1, head: 1, panel: 'ranking' });
    expect(page.requests()).toHaveLength(1);
    expect(page.changed).toHaveBeenCalledOnce();
  });

  it('waits for the engine', async () => {
    const page = await setUp({ withEngine: false });
    await page.wish({ family: TINY });
    expect(page.requests()).toEqual([]);
    expect(page.state().notices).toEqual([]);
    expect(page.state().selection.family).toBe(TINY);
    page.engineArrives();
    await page.loader.follow();
    expectOpen(page, TINY);
  });

  it('is not in this browser: that is said, and what is open stays', async () => {
    const page = await begun();
    await page.wish({ family: TINY, recipe: RECIPE, student: STUDENT });
    await page.wish({ family: 'made/unknown', student: '', recipe: DEFAULT_SELECTION.recipe, layer: 11 });
    expect(page.state().notices).toMatchObject([
      { kind: 'info', title: 'This model is not in this browser', sentence: expect.stringContaining('made/unknown') },
    ]);
    expectOpen(page, TINY);
    expect(page.state().selection).toMatchObject({ student: STUDENT, recipe: RECIPE, layer: 1 });
    expect(page.requests()).toHaveLength(1);
  });

  it('is not in this browser: the default family stays, at a position that it has', async () => {
    const page = await begun();
    await page.wish({ family: 'made/unknown' });
    expect(page.state().notices).toMatchObject([{ kind: 'info', title: 'This model is not in this browser' }]);
    expect(page.state().selection).toEqual(DEFAULT_SELECTION);
    await page.wish({ family: 'made/unknown', layer: 11, head: 11, query: 190 });
    expect(page.state().selection).toMatchObject({ layer: 3, head: 3, query: 49 });
    expect(page.requests()).toEqual([]);
    expectOpen(page, DEFAULT_FAMILY.id);
  });
});

describe('another recipe or student', () => {
  it('is tried on the checkpoint that is open, without its file', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    await page.wish({ recipe: RECIPE });
    expect(page.lastRequest()).toMatchObject({ weights: null, trained: null, recipe: RECIPE });
    expectOpen(page, TINY);
    expect(page.changed).toHaveBeenLastCalledWith(false);
    await page.wish({ student: STUDENT });
    expect(page.lastRequest()).toMatchObject({ weights: null, trained: { id: STUDENT } });
    expect(memberIds(page.state().family)).toContain('bi-vit');
    await page.wish({ student: '' });
    expect(memberIds(page.state().family)).not.toContain('bi-vit');
  });

  it('leaves the picture on screen', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    const { image } = page.state();
    await page.wish({ recipe: RECIPE });
    expect(page.state().image).toBe(image);
  });

  it('comes with the file for another checkpoint, and again after the default family was back', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    await page.wish({ family: OTHER, recipe: RECIPE });
    expect(page.lastRequest()).toMatchObject({ weights: { id: OTHER }, recipe: RECIPE });
    await page.wish({ family: DEFAULT_FAMILY.id });
    await page.wish({ family: OTHER });
    expect(page.lastRequest()).toMatchObject({ weights: { id: OTHER } });
  });
});

describe('of several wishes the newest', () => {
  it('wins over an older one that is answered later', async () => {
    const page = await begun();
    const held = page.hold();
    const older = page.wish({ family: TINY });
    await page.asked(1);
    await page.wish({ family: OTHER });
    held.resolve(answerFor(TINY));
    await older;
    expectOpen(page, OTHER);
    expect(page.changed).toHaveBeenCalledOnce();
  });

  it.each([
    ['cancelled', new EngineError('cancelled', 'Another model took its place.')],
    ['failed', new EngineError('checkpoint', 'It was broken.')],
  ])('hears nothing of the older one, which %s', async (_what, error) => {
    const page = await begun();
    const held = page.hold();
    const older = page.wish({ family: TINY });
    await page.asked(1);
    const newer = page.wish({ family: OTHER });
    held.reject(error);
    await Promise.all([older, newer]);
    expectOpen(page, OTHER);
    expect(page.state().notices).toEqual([]);
  });

  it('is all that is opened when both come at once', async () => {
    const page = await begun();
    await Promise.all([page.wish({ family: TINY }), page.wish({ family: OTHER })]);
    expect(page.requests().map(({ familyId }) => familyId)).toEqual([OTHER]);
    expectOpen(page, OTHER);
  });

  it('is the family before, when somebody goes back before the other one is open', async () => {
    const page = await begun();
    const held = page.hold();
    const older = page.wish({ family: TINY });
    await page.asked(1);
    const back = page.wish({ family: DEFAULT_FAMILY.id });
    held.resolve(answerFor(TINY));
    await Promise.all([older, back]);
    expectOpen(page, DEFAULT_FAMILY.id);
    expect(page.lastRequest().familyId).toBe(DEFAULT_FAMILY.id);
  });

  it('is sent with its file, when the engine has opened another one meanwhile', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    const held = page.hold();
    const older = page.wish({ family: OTHER });
    await page.asked(2);
    const back = page.wish({ family: TINY, recipe: RECIPE });
    held.resolve(answerFor(OTHER));
    await Promise.all([older, back]);
    expect(page.lastRequest()).toMatchObject({ weights: { id: TINY }, recipe: RECIPE });
    expectOpen(page, TINY);
  });
});

describe('going back to what is open before something else is', () => {
  it('opens the checkpoint again, from another checkpoint', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    const held = page.hold();
    const older = page.wish({ family: OTHER });
    await page.asked(2);
    const back = page.wish({ family: TINY });
    held.resolve(answerFor(OTHER));
    await Promise.all([older, back]);
    expect(page.lastRequest()).toMatchObject({ weights: { id: TINY } });
    expectOpen(page, TINY);
  });

  it('opens the checkpoint again, from the default family', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    const held = page.hold();
    const older = page.wish({ family: DEFAULT_FAMILY.id });
    await page.asked(2);
    const back = page.wish({ family: TINY });
    held.resolve(answerFor(DEFAULT_FAMILY.id));
    await Promise.all([older, back]);
    expect(page.lastRequest()).toMatchObject({ weights: { id: TINY } });
    expectOpen(page, TINY);
  });

  it('sends the file again when the worker has opened another checkpoint that is not on screen yet', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    const names = deferred<void>();
    const described = vi.fn<() => void>();
    const planned = page.planner.plan.getMockImplementation();
    page.planner.plan.mockImplementationOnce(async (...asked) => {
      const plan = (await planned?.(...asked)) ?? null;
      if (plan === null) return null;
      const familyOf: typeof plan.familyOf = async (opened) => {
        described();
        await names.promise;
        return plan.familyOf(opened);
      };
      return { ...plan, familyOf };
    });
    const older = page.wish({ family: OTHER });
    await vi.waitFor(() => expect(described).toHaveBeenCalledOnce(), { interval: 1 });
    const back = page.wish({ family: TINY, recipe: RECIPE });
    names.resolve();
    await Promise.all([older, back]);
    expect(page.lastRequest()).toMatchObject({ weights: { id: TINY }, recipe: RECIPE });
    expectOpen(page, TINY);
  });

  it('tries the recipe before again', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    const held = page.hold();
    const older = page.wish({ recipe: RECIPE });
    await page.asked(2);
    const back = page.wish({ recipe: DEFAULT_SELECTION.recipe });
    held.resolve(answerFor(TINY));
    await Promise.all([older, back]);
    expect(page.requests()).toHaveLength(3);
    expect(page.lastRequest().recipe).toBe(DEFAULT_SELECTION.recipe);
    expectOpen(page, TINY);
  });
});

describe('what goes wrong', () => {
  const broken = new EngineError('checkpoint', 'The file is broken. Choose another one.');

  it('while a model is opened is said, and the one that is open stays', async () => {
    const page = await begun();
    await page.wish({ family: TINY, recipe: RECIPE });
    page.openFamily.mockRejectedValueOnce(broken);
    await page.wish({ family: OTHER, recipe: DEFAULT_SELECTION.recipe });
    expect(page.state().notices).toMatchObject([
      { kind: 'error', title: 'The model was not opened', sentence: broken.sentence },
    ]);
    expectOpen(page, TINY);
    expect(page.state().selection.recipe).toBe(RECIPE);
  });

  it('while the first checkpoint is opened is said, and the default family stays', async () => {
    const page = await begun();
    page.openFamily.mockRejectedValueOnce(broken);
    await page.wish({ family: TINY });
    expect(page.state().notices).toMatchObject([{ kind: 'error', sentence: broken.sentence }]);
    expectOpen(page, DEFAULT_FAMILY.id);
  });

  it('with a recipe is said, and the recipe before stays', async () => {
    const page = await begun();
    await page.wish({ family: TINY });
    page.openFamily.mockRejectedValueOnce(broken);
    await page.wish({ recipe: RECIPE });
    expect(page.state().notices).toMatchObject([{ kind: 'error' }]);
    expectOpen(page, TINY);
    expect(page.state().selection.recipe).toBe(DEFAULT_SELECTION.recipe);
  });

  it('before anything is open leaves the page as it was prepared', async () => {
    const page = await setUp();
    page.openFamily.mockRejectedValueOnce(broken);
    await page.loader.follow();
    expect(page.state().opening.phase).toBe('failed');
    expect(page.changed).not.toHaveBeenCalled();
    page.loader.reopen();
    await page.asked(2);
    await vi.waitFor(() => expectOpen(page, DEFAULT_FAMILY.id), { interval: 1 });
  });

  it('in a file that is not understood is said in its own sentence', async () => {
    const page = await begun();
    page.openFamily.mockRejectedValueOnce(new CheckpointError('This is a picture of a cat.'));
    await page.wish({ family: TINY });
    expect(page.state().notices).toMatchObject([{ kind: 'error', sentence: 'This is a picture of a cat.' }]);
    expectOpen(page, DEFAULT_FAMILY.id);
  });

  it('before the engine is asked is said too, and does not stand in the way of the next try', async () => {
    const page = await begun();
    page.planner.plan.mockRejectedValueOnce(new EngineError('network', 'The connection dropped.'));
    await page.wish({ family: TINY });
    expect(page.state().notices).toMatchObject([{ kind: 'error', sentence: 'The connection dropped.' }]);
    expect(page.requests()).toEqual([]);
    expectOpen(page, DEFAULT_FAMILY.id);
    await page.wish({ family: TINY });
    expectOpen(page, TINY);
  });

  it('is no news when it was cancelled', async () => {
    const page = await begun();
    page.openFamily.mockRejectedValueOnce(new EngineError('cancelled', 'The page is closing.'));
    await page.wish({ family: TINY });
    expect(page.state().notices).toEqual([]);
    expectOpen(page, DEFAULT_FAMILY.id);
  });

  it('is no news when the engine itself failed, which was reported already', async () => {
    const page = await begun();
    page.setState(({ engine }) => ({ engine: { ...engine, phase: 'failed' } }));
    page.openFamily.mockRejectedValueOnce(broken);
    await page.wish({ family: TINY });
    expect(page.state().notices).toEqual([]);
    expectOpen(page, DEFAULT_FAMILY.id);
  });

  it('does not stand in the way of the next try', async () => {
    const page = await begun();
    page.openFamily.mockRejectedValueOnce(broken);
    await page.wish({ family: TINY });
    await page.wish({ family: TINY });
    expect(page.lastRequest().weights).toMatchObject({ id: TINY });
    expectOpen(page, TINY);
  });
});

describe('the position in a family', () => {
  it('is one that it has', async () => {
    const page = await begun();
    await page.wish({ family: TINY, layer: 3, head: 3, query: 33 });
    expect(page.state().selection).toMatchObject({ layer: 1, head: 2, query: 0 });
    expect(page.state().history).toMatchObject({ past: [], future: [] });
  });

  it('stays where it can', async () => {
    const page = await begun();
    await page.wish({ family: TINY, layer: 1, head: 1, query: 16 });
    expect(page.state().selection).toMatchObject({ layer: 1, head: 1, query: 16 });
  });
});

describe('the switches', () => {
  const corners = [
    { id: 'baseline', scaling: false, ranking: false },
    { id: 'scaling', scaling: true, ranking: false },
    { id: 'ranking', scaling: false, ranking: true },
    { id: 'bi-vit', scaling: true, ranking: true },
  ] as const;

  it.each(corners)('name the only student that is there: $id', async ({ id, scaling, ranking }) => {
    for (const asked of [
      { scaling, ranking },
      { scaling: !scaling, ranking: !ranking },
    ]) {
      const page = await begun();
      page.openFamily.mockResolvedValueOnce(answerFor(TINY, ['teacher', id]));
      await page.wish({ family: TINY, ...asked });
      expect(page.state().selection).toMatchObject({ scaling, ranking });
    }
  });

  it.each([
    ['on and on', true, true, true],
    ['off and on', false, true, false],
  ])('lose the distillation that nobody did, from %s', async (_from, scaling, ranking, scalingAfter) => {
    const page = await begun();
    await page.wish({ family: TINY, scaling, ranking });
    expect(page.state().selection).toMatchObject({ scaling: scalingAfter, ranking: false });
  });

  it('stay as they are where there is no student', async () => {
    const page = await begun();
    page.openFamily.mockResolvedValueOnce(answerFor(TINY, ['teacher']));
    await page.wish({ family: TINY, scaling: false, ranking: true });
    expect(page.state().selection).toMatchObject({ scaling: false, ranking: true });
  });

  it.each<[readonly MemberId[], readonly MemberId[]]>([
    [
      ['teacher', 'baseline', 'ranking', 'bi-vit'],
      ['teacher', 'baseline'],
    ],
    [['teacher', 'bi-vit'], []],
    [['ranking', 'bi-vit'], []],
    [
      ['scaling', 'teacher'],
      ['teacher', 'scaling'],
    ],
  ])(
    'leave of the models that are compared, %j, those that are there, in the family’s order: %j',
    async (compare, left) => {
      const page = await begun();
      await page.wish({ family: TINY, compare });
      expect(page.state().selection.compare).toEqual(left);
    },
  );
});

describe('a planner', () => {
  it('is told what is wanted, and whether the weights are open already', async () => {
    const page = await begun();
    const wish: FamilyWish = { family: TINY, student: '', recipe: DEFAULT_SELECTION.recipe };
    await page.wish({ family: TINY });
    expect(page.planner.plan).toHaveBeenLastCalledWith(wish, false, expect.any(Function));
    await page.wish({ recipe: RECIPE });
    expect(page.planner.plan).toHaveBeenLastCalledWith({ ...wish, recipe: RECIPE }, true, expect.any(Function));
  });
});
