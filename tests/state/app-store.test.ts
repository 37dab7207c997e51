import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Address } from '@/state/address';
import { selectCanUndo, selectStudent } from '@/state/derived';
import { createAppStore } from '@/state/app-store';
import type { CheckpointPlanner } from '@/state/family-loader';
import { memoryImages, type OwnImages } from '@/state/own-images';
import { GESTURE_MS } from '@/state/selection-slice';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import { createEngineClient } from '@/engine/client';
import { encodeFirstPicture } from '@/engine/first-picture';
import type { Fetch } from '@/engine/fetch';
import type { Engine } from '@/engine/protocol';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import {
  explorationOf,
  fakeEngine,
  fakeWorker,
  FakeClock,
  INFO,
  messagesArrive,
  type FakeWorker,
} from '../engine/fakes';

const SAMPLES = 20;
/** Of the sample that the app opens with. */
const FIRST_SAMPLE = 9;

/** Every sample is a picture of its own grey. */
const grey = (index: number): Uint8Array<ArrayBuffer> => new Uint8Array(784).fill(index + 1);

function idx(magic: number, shape: readonly number[], data: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(file.buffer);
  [magic, ...shape].forEach((value, i) => view.setUint32(4 * i, value));
  file.set(data, 4 + 4 * shape.length);
  return file;
}

const FIRST = encodeFirstPicture({
  familyId: DEFAULT_FAMILY.id,
  imageKey: DEFAULT_SELECTION.image,
  label: FIRST_SAMPLE,
  bytes: [...grey(FIRST_SAMPLE)],
  answers: [],
  exploration: { ...explorationOf(new Float32Array(784).fill(0.5)), forwardMs: { teacher: null } },
});

const FILES: Readonly<Record<string, () => Uint8Array<ArrayBuffer>>> = {
  'first/picture.bin': () => FIRST,
  'models/fashion-mnist/manifest.json': () => Uint8Array.from(new TextEncoder().encode('{"models": []}')),
  'models/fashion-mnist/samples/fashion-mnist-1000-images-idx3-ubyte': () =>
    idx(0x803, [SAMPLES, 28, 28], Uint8Array.from(Array.from({ length: SAMPLES }, (_, i) => [...grey(i)]).flat())),
  'models/fashion-mnist/samples/fashion-mnist-1000-labels-idx1-ubyte': () =>
    idx(
      0x801,
      [SAMPLES],
      Uint8Array.from({ length: SAMPLES }, (_, i) => i % 10),
    ),
};

const serveFiles: Fetch = async (url) => {
  const file = FILES[url.replace('/sub/', '')];
  return file === undefined ? new Response(null, { status: 404 }) : new Response(file());
};

function fakeAddress(search: string): Address & { readonly travel: (search: string) => void } {
  let present = search;
  let listener = (): void => {};
  return {
    read: () => present,
    replace: (next) => (present = next),
    onTravel: (listen) => {
      listener = listen;
      return () => (listener = () => {});
    },
    travel: (next) => {
      present = next;
      listener();
    },
  };
}

interface Options {
  readonly search?: string;
  readonly engine?: Partial<Engine>;
  readonly fetch?: Fetch;
  readonly ownImages?: OwnImages;
  readonly checkpoints?: () => Promise<CheckpointPlanner>;
}

const noCheckpoints = async (): Promise<never> => {
  throw new Error('no checkpoints here');
};

/** Long enough for a picture that is here to be on screen; too short for an answer of the worker. */
async function pictureArrives(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve();
}

let stop = (): void => {};
afterEach(() => stop());

function setUp({
  search = '',
  engine = {},
  fetch = serveFiles,
  ownImages = memoryImages(),
  checkpoints = noCheckpoints,
}: Options = {}) {
  const clock = new FakeClock();
  const address = fakeAddress(search);
  const workers: FakeWorker[] = [];
  const app = createAppStore({
    basePath: '/sub',
    fetch,
    createEngine: (listen) =>
      createEngineClient({
        spawn: () => {
          const worker = fakeWorker(fakeEngine(engine));
          workers.push(worker);
          return worker;
        },
        clock,
        basePath: '/sub',
        backend: 'auto',
        listen,
      }),
    checkpoints,
    ownImages,
    address,
    now: clock.now,
  });
  return {
    clock,
    address,
    workers,
    actions: app.actions,
    state: app.store.getState,
    start: async () => {
      stop = app.start();
      // The prepared picture is unpacked off the thread; a worker comes when it is here, or cannot be had.
      await vi.waitFor(() => expect(workers).not.toHaveLength(0), { interval: 1 });
      await messagesArrive();
      await messagesArrive();
    },
    restart: () => {
      stop();
      stop = app.start();
    },
  };
}

/** The code that prepares it comes first. */
const ownPictureArrives = ({ state }: ReturnType<typeof setUp>): Promise<void> =>
  vi.waitFor(() => expect(state().image.current?.kind).toBe('own'), { interval: 1 });

/** The grey of the pixels that the results are of. */
const shownGrey = ({ state }: ReturnType<typeof setUp>): number =>
  Math.round(255 * (state().results.current?.logits.teacher?.[0] ?? -1));

const photo = (seed: number) => ({
  width: 28,
  height: 28,
  data: Uint8ClampedArray.from({ length: 3136 }, (_, i) => (i % 4 === 3 ? 255 : (i * seed) % 256)),
});

describe('the app at its start', () => {
  it('shows the prepared picture while the engine is still loading', async () => {
    const app = setUp({ engine: { start: () => new Promise(() => {}) } });
    await app.start();
    expect(app.state().results).toMatchObject({ stale: false, prepared: true });
    expect(app.state().image.current).toMatchObject({
      key: DEFAULT_SELECTION.image,
      sample: { classIndex: FIRST_SAMPLE },
    });
    expect(app.state().engine.phase).toBe('loading');
  });

  it('lets the live model take over in silence', async () => {
    const app = setUp();
    await app.start();
    expect(app.state().results).toMatchObject({ stale: false, prepared: false });
    expect(shownGrey(app)).toBe(FIRST_SAMPLE + 1);
    expect(app.state().engine.phase).toBe('ready');
    expect(app.state().notices).toEqual([]);
  });

  it('takes the selection from the address, its image included', async () => {
    const app = setUp({ search: '?image=sample-7&layer=3&scaling=off&nonsense=1' });
    await app.start();
    expect(app.state().selection).toMatchObject({ image: 'sample-7', layer: 2, scaling: false });
    expect(app.state().image.current).toMatchObject({ key: 'sample-7', sample: { classIndex: 7 } });
    expect(shownGrey(app)).toBe(8);
  });

  it('goes on without the prepared picture', async () => {
    const app = setUp({
      fetch: (url) => (url.includes('first') ? Promise.reject(new Error('gone')) : serveFiles(url)),
    });
    await app.start();
    expect(shownGrey(app)).toBe(FIRST_SAMPLE + 1);
    expect(app.state().notices).toEqual([]);
  });

  it('says what is missing when nothing can be reached', async () => {
    const app = setUp({ fetch: () => Promise.reject(new TypeError('offline')) });
    await app.start();
    await vi.waitFor(() => expect(app.state().notices.map(({ kind }) => kind)).toEqual(['error', 'error']), {
      interval: 1,
    });
  });

  it('shows the default sample, and says so, for a number beyond the last', async () => {
    const app = setUp({ search: '?image=sample-900' });
    await app.start();
    expect(app.state().selection.image).toBe(DEFAULT_SELECTION.image);
    expect(app.state().notices).toMatchObject([{ kind: 'info' }]);
    expect(app.address.read()).toBe('');
  });

  it.each([
    ['at once', async () => null],
    ['after everything else is here', () => new Promise<null>((resolve) => setTimeout(resolve, 50, null))],
  ])('shows the default family for a checkpoint that is not here, found out %s', async (_when, plan) => {
    const app = setUp({ search: '?family=made%2Funknown&query=3', checkpoints: async () => ({ plan }) });
    await app.start();
    await vi.waitFor(() => expect(shownGrey(app)).toBe(FIRST_SAMPLE + 1), { interval: 1 });
    await vi.waitFor(() => expect(app.state().results.prepared).toBe(false), { interval: 1 });
    expect(app.state().image.current?.key).toBe(DEFAULT_SELECTION.image);
    expect(app.state().selection).toEqual({ ...DEFAULT_SELECTION, query: 3 });
    await vi.waitFor(() => expect(app.state().opening.phase).toBe('open'), { interval: 1 });
    expect(app.state().notices).toMatchObject([{ kind: 'info', title: 'This model is not in this browser' }]);
    expect(app.address.read()).toBe('?query=3');
  });

  it('can be stopped and started again, as React does in development', async () => {
    const app = setUp();
    await app.start();
    app.restart();
    await messagesArrive();
    await messagesArrive();
    expect(app.workers[0]?.isTerminated()).toBe(true);
    expect(app.state().engine.phase).toBe('ready');
    expect(app.state().notices).toEqual([]);
  });
});

describe('a selection', () => {
  it('goes into the address, and back in the history of the browser', async () => {
    const app = setUp({ search: '?embed=1' });
    await app.start();
    app.actions.select({ query: 3, ranking: false });
    expect(app.address.read()).toBe('?embed=1&query=3&ranking=off');
    app.address.travel('?query=5');
    expect(app.state().selection).toMatchObject({ query: 5, ranking: true });
  });

  it('of a switch needs no run: the other student is there already', async () => {
    let runs = 0;
    const app = setUp({
      engine: {
        explore: async (_ticket, { pixels }) => {
          runs++;
          return explorationOf(pixels);
        },
      },
    });
    await app.start();
    const before = app.state().results;
    app.actions.select({ scaling: false });
    await messagesArrive();
    expect(selectStudent(app.state())).toBe('ranking');
    expect(app.state().results).toBe(before);
    expect(runs).toBe(1);
  });

  it('of another image keeps the old results, marked stale, until the new ones are here', async () => {
    const app = setUp();
    await app.start();
    app.actions.select({ image: 'sample-4' });
    await pictureArrives();
    expect(app.state().image.current).toMatchObject({ key: 'sample-4' });
    expect(app.state().results.stale).toBe(true);
    expect(shownGrey(app)).toBe(FIRST_SAMPLE + 1);
    await messagesArrive();
    expect(app.state().results.stale).toBe(false);
    expect(shownGrey(app)).toBe(5);
  });

  it('that changes faster than the models run ends at the newest image', async () => {
    const app = setUp();
    await app.start();
    for (const index of [3, 8, 5, 12]) app.actions.select({ image: `sample-${index}` });
    await messagesArrive();
    expect(shownGrey(app)).toBe(13);
    expect(app.state().notices).toEqual([]);
  });

  it('is undone with its image, whose results come from the cache at once', async () => {
    const app = setUp();
    await app.start();
    await app.clock.advance(2 * GESTURE_MS);
    app.actions.select({ image: 'sample-4' });
    await messagesArrive();
    app.actions.undo();
    await pictureArrives();
    expect(app.state().selection.image).toBe(DEFAULT_SELECTION.image);
    expect(app.state().results.stale).toBe(false);
    expect(shownGrey(app)).toBe(FIRST_SAMPLE + 1);
    app.actions.redo();
    await pictureArrives();
    expect(shownGrey(app)).toBe(5);
    expect(selectCanUndo(app.state())).toBe(true);
  });
});

describe('a person’s own picture', () => {
  it('becomes the image, in one step that can be undone', async () => {
    const app = setUp();
    await app.start();
    app.actions.addOwnImage(photo(7), 'mine.png');
    await ownPictureArrives(app);
    expect(app.state().image.current).toMatchObject({ kind: 'own', name: 'mine.png' });
    expect(app.state().selection.image).toMatch(/^own-/);
    await messagesArrive();
    expect(app.state().results.stale).toBe(false);
    app.actions.undo();
    await pictureArrives();
    expect(app.state().image.current).toMatchObject({ key: DEFAULT_SELECTION.image });
    app.actions.redo();
    await messagesArrive();
    expect(app.state().image.current).toMatchObject({ kind: 'own', name: 'mine.png' });
  });

  it('is explored anew when it is cropped or inverted, and keeps the choice over a reload', async () => {
    const ownImages = memoryImages();
    const app = setUp({ ownImages });
    await app.start();
    app.actions.addOwnImage(photo(7), 'mine.png');
    await ownPictureArrives(app);
    await messagesArrive();
    const before = app.state().results.key;
    app.actions.setPictureOptions({ invert: true, contrast: 1.5 });
    await messagesArrive();
    expect(app.state().results.key).not.toBe(before);
    const bytes = app.state().image.current?.bytes;

    const search = app.address.read();
    stop();
    const reloaded = setUp({ ownImages, search });
    await reloaded.start();
    expect(reloaded.state().image.current).toMatchObject({ kind: 'own', options: { invert: true, contrast: 1.5 } });
    expect(reloaded.state().image.current?.bytes).toEqual(bytes);
  });

  it('that is not here any more is replaced by a sample, with a word', async () => {
    const app = setUp({ search: '?image=own-0123456789abcdef&layer=3' });
    await app.start();
    expect(app.state().selection).toMatchObject({ image: DEFAULT_SELECTION.image, layer: 2 });
    expect(app.state().notices).toMatchObject([{ kind: 'info', title: 'Your picture is not here any more' }]);
    expect(shownGrey(app)).toBe(FIRST_SAMPLE + 1);
  });

  it('without pixels is refused with a sentence, and nothing changes', async () => {
    const app = setUp();
    await app.start();
    app.actions.addOwnImage({ width: 0, height: 0, data: new Uint8ClampedArray(0) }, 'empty.png');
    await vi.waitFor(() => expect(app.state().notices).toMatchObject([{ kind: 'error' }]), { interval: 1 });
    expect(app.state().image.current).toMatchObject({ kind: 'sample' });
  });
});

describe('trouble with the engine', () => {
  it('is told: a worker that died, and that a new one took over', async () => {
    const app = setUp();
    await app.start();
    app.workers[0]?.silence();
    await app.clock.advance(5000);
    expect(app.state().engine).toMatchObject({ phase: 'ready', restarts: 1 });
    expect(app.state().notices).toMatchObject([{ kind: 'info', title: 'The model worker was restarted' }]);
    app.actions.select({ image: 'sample-2' });
    await messagesArrive();
    expect(shownGrey(app)).toBe(3);
  });

  it('is told once when the engine fails, and can be mended', async () => {
    let fails = true;
    const start: Engine['start'] = async () => {
      if (fails) throw { kind: 'network', sentence: 'No model could be loaded.' };
      return { ...INFO, backend: 'cpu', models: [] };
    };
    const app = setUp({ engine: { start } });
    await app.start();
    expect(app.state().engine).toMatchObject({ phase: 'failed', reason: 'No model could be loaded.' });
    expect(app.state().notices).toHaveLength(1);
    expect(app.state().results.prepared).toBe(true);
    fails = false;
    app.actions.restartEngine();
    await messagesArrive();
    expect(app.state().engine.phase).toBe('ready');
    expect(app.state().results.prepared).toBe(false);
  });

  it('with one image leaves the engine ready for the next', async () => {
    const explore: Engine['explore'] = async (_ticket, { pixels }) => {
      if (Math.round(255 * (pixels[0] ?? 0)) === 5) throw { kind: 'internal', sentence: 'It did not work.' };
      return explorationOf(pixels);
    };
    const app = setUp({ engine: { explore } });
    await app.start();
    app.actions.select({ image: 'sample-4' });
    await messagesArrive();
    expect(app.state().notices).toMatchObject([{ kind: 'error', sentence: 'It did not work.' }]);
    expect(app.state().results.stale).toBe(true);
    app.actions.select({ image: 'sample-5' });
    await messagesArrive();
    expect(shownGrey(app)).toBe(6);
    app.actions.dismiss(app.state().notices[0]?.id ?? -1);
    expect(app.state().notices).toEqual([]);
  });

  it('over a checkpoint is a notice; a good one has everything explored anew', async () => {
    let runs = 0;
    const app = setUp({
      engine: {
        replaceMember: async ({ id, fileName }) => {
          if (fileName === 'bad') throw { kind: 'checkpoint', sentence: 'Damaged.' };
          return { id, parameters: 1, used: 1, ignored: [] } as never;
        },
        explore: async (_ticket, { pixels }) => {
          runs++;
          return explorationOf(pixels);
        },
      },
    });
    await app.start();
    expect(await app.actions.replaceMember('baseline', 'bad', new ArrayBuffer(8))).toBeNull();
    expect(app.state().notices).toMatchObject([{ kind: 'error', title: 'bad was not loaded', sentence: 'Damaged.' }]);
    expect(await app.actions.replaceMember('baseline', 'good', new ArrayBuffer(8))).toMatchObject({ id: 'baseline' });
    await messagesArrive();
    expect(runs).toBe(2);
    expect(app.state().results.stale).toBe(false);
  });
});
