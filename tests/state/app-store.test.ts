import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Address } from '@/state/address';
import { selectCanUndo, selectStudent } from '@/state/derived';
import { createAppStore } from '@/state/app-store';
import { memoryImages, type OwnImages } from '@/state/own-images';
import { GESTURE_MS } from '@/state/selection-slice';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import { createEngineClient } from '@/engine/client';
import { encodeFirstPicture } from '@/engine/first-picture';
import type { Fetch } from '@/engine/manifest';
import { DEFAULT_SAMPLE_INDEX, type Engine } from '@/engine/protocol';
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
  index: DEFAULT_SAMPLE_INDEX,
  label: DEFAULT_SAMPLE_INDEX,
  bytes: [...grey(DEFAULT_SAMPLE_INDEX)],
  exploration: { ...explorationOf(new Float32Array(784).fill(0.5)), forwardMs: { teacher: null } },
});

const FILES: Readonly<Record<string, () => Uint8Array<ArrayBuffer>>> = {
  'first/picture.bin': () => FIRST,
  'models/manifest.json': () => Uint8Array.from(new TextEncoder().encode('{"models": []}')),
  'models/samples/fashion-mnist-1000-images-idx3-ubyte': () =>
    idx(0x803, [SAMPLES, 28, 28], Uint8Array.from(Array.from({ length: SAMPLES }, (_, i) => [...grey(i)]).flat())),
  'models/samples/fashion-mnist-1000-labels-idx1-ubyte': () =>
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
}

let stop = (): void => {};
afterEach(() => stop());

function setUp({ search = '', engine = {}, fetch = serveFiles, ownImages = memoryImages() }: Options = {}) {
  const clock = new FakeClock();
  const address = fakeAddress(search);
  const workers: FakeWorker[] = [];
  const lens = createAppStore({
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
    backbones: async () => {
      throw new Error('no backbones here');
    },
    ownImages,
    address,
    now: clock.now,
  });
  return {
    clock,
    address,
    workers,
    actions: lens.actions,
    state: lens.store.getState,
    start: async () => {
      stop = lens.start();
      // The prepared picture is unpacked off the thread; a worker comes when it is here, or cannot be had.
      await vi.waitFor(() => expect(workers).not.toHaveLength(0), { interval: 1 });
      await messagesArrive();
      await messagesArrive();
    },
    restart: () => {
      stop();
      stop = lens.start();
    },
  };
}

/** The grey of the pixels that the results are of. */
const shownGrey = ({ state }: ReturnType<typeof setUp>): number =>
  Math.round(255 * (state().results.current?.logits.teacher?.[0] ?? -1));

const photo = (seed: number) => ({
  width: 28,
  height: 28,
  data: Uint8ClampedArray.from({ length: 3136 }, (_, i) => (i % 4 === 3 ? 255 : (i * seed) % 256)),
});

describe('the lens at its start', () => {
  it('shows the prepared picture while the engine is still loading', async () => {
    const lens = setUp({ engine: { start: () => new Promise(() => {}) } });
    await lens.start();
    expect(lens.state().results).toMatchObject({ stale: false, prepared: true });
    expect(lens.state().image.current).toMatchObject({
      kind: 'sample',
      index: DEFAULT_SAMPLE_INDEX,
      label: DEFAULT_SAMPLE_INDEX,
    });
    expect(lens.state().engine.phase).toBe('loading');
  });

  it('lets the live model take over in silence', async () => {
    const lens = setUp();
    await lens.start();
    expect(lens.state().results).toMatchObject({ stale: false, prepared: false });
    expect(shownGrey(lens)).toBe(DEFAULT_SAMPLE_INDEX + 1);
    expect(lens.state().engine.phase).toBe('ready');
    expect(lens.state().notices).toEqual([]);
  });

  it('takes the selection from the address, its image included', async () => {
    const lens = setUp({ search: '?image=sample-7&layer=3&scaling=off&nonsense=1' });
    await lens.start();
    expect(lens.state().selection).toMatchObject({ image: 'sample-7', layer: 2, scaling: false });
    expect(lens.state().image.current).toMatchObject({ index: 7, label: 7 });
    expect(shownGrey(lens)).toBe(8);
  });

  it('goes on without the prepared picture', async () => {
    const lens = setUp({
      fetch: (url) => (url.includes('first') ? Promise.reject(new Error('gone')) : serveFiles(url)),
    });
    await lens.start();
    expect(shownGrey(lens)).toBe(DEFAULT_SAMPLE_INDEX + 1);
    expect(lens.state().notices).toEqual([]);
  });

  it('says what is missing when nothing can be reached', async () => {
    const lens = setUp({ fetch: () => Promise.reject(new TypeError('offline')) });
    await lens.start();
    expect(lens.state().notices.map(({ kind }) => kind)).toEqual(['error', 'error']);
    expect(lens.state().family).toBeNull();
  });

  it('shows the default sample, and says so, for a number beyond the last', async () => {
    const lens = setUp({ search: '?image=sample-900' });
    await lens.start();
    expect(lens.state().selection.image).toBe(DEFAULT_SELECTION.image);
    expect(lens.state().notices).toMatchObject([{ kind: 'info' }]);
    expect(lens.address.read()).toBe('');
  });

  it('can be stopped and started again, as React does in development', async () => {
    const lens = setUp();
    await lens.start();
    lens.restart();
    await messagesArrive();
    await messagesArrive();
    expect(lens.workers[0]?.isTerminated()).toBe(true);
    expect(lens.state().engine.phase).toBe('ready');
    expect(lens.state().notices).toEqual([]);
  });
});

describe('a selection', () => {
  it('goes into the address, and back in the history of the browser', async () => {
    const lens = setUp({ search: '?embed=1' });
    await lens.start();
    lens.actions.select({ query: 3, ranking: false });
    expect(lens.address.read()).toBe('?embed=1&query=3&ranking=off');
    lens.address.travel('?query=5');
    expect(lens.state().selection).toMatchObject({ query: 5, ranking: true });
  });

  it('of a switch needs no run: the other student is there already', async () => {
    let runs = 0;
    const lens = setUp({
      engine: {
        explore: async (_ticket, { pixels }) => {
          runs++;
          return explorationOf(pixels);
        },
      },
    });
    await lens.start();
    const before = lens.state().results;
    lens.actions.select({ scaling: false });
    await messagesArrive();
    expect(selectStudent(lens.state())).toBe('ranking');
    expect(lens.state().results).toBe(before);
    expect(runs).toBe(1);
  });

  it('of another image keeps the old results, marked stale, until the new ones are here', async () => {
    const lens = setUp();
    await lens.start();
    lens.actions.select({ image: 'sample-4' });
    expect(lens.state().image.current).toMatchObject({ index: 4 });
    expect(lens.state().results.stale).toBe(true);
    expect(shownGrey(lens)).toBe(DEFAULT_SAMPLE_INDEX + 1);
    await messagesArrive();
    expect(lens.state().results.stale).toBe(false);
    expect(shownGrey(lens)).toBe(5);
  });

  it('that changes faster than the models run ends at the newest image', async () => {
    const lens = setUp();
    await lens.start();
    for (const index of [3, 8, 5, 12]) lens.actions.select({ image: `sample-${index}` });
    await messagesArrive();
    expect(shownGrey(lens)).toBe(13);
    expect(lens.state().notices).toEqual([]);
  });

  it('is undone with its image, whose results come from the cache at once', async () => {
    const lens = setUp();
    await lens.start();
    await lens.clock.advance(2 * GESTURE_MS);
    lens.actions.select({ image: 'sample-4' });
    await messagesArrive();
    lens.actions.undo();
    expect(lens.state().selection.image).toBe(DEFAULT_SELECTION.image);
    expect(lens.state().results.stale).toBe(false);
    expect(shownGrey(lens)).toBe(DEFAULT_SAMPLE_INDEX + 1);
    lens.actions.redo();
    expect(shownGrey(lens)).toBe(5);
    expect(selectCanUndo(lens.state())).toBe(true);
  });
});

describe('a picture of the visitor', () => {
  it('becomes the image, in one step that can be undone', async () => {
    const lens = setUp();
    await lens.start();
    lens.actions.addOwnImage(photo(7), 'mine.png');
    expect(lens.state().image.current).toMatchObject({ kind: 'own', name: 'mine.png' });
    expect(lens.state().selection.image).toMatch(/^own-/);
    await messagesArrive();
    expect(lens.state().results.stale).toBe(false);
    lens.actions.undo();
    expect(lens.state().image.current).toMatchObject({ kind: 'sample', index: DEFAULT_SAMPLE_INDEX });
    lens.actions.redo();
    await messagesArrive();
    expect(lens.state().image.current).toMatchObject({ kind: 'own', name: 'mine.png' });
  });

  it('is explored anew when it is cropped or inverted, and keeps the choice over a reload', async () => {
    const ownImages = memoryImages();
    const lens = setUp({ ownImages });
    await lens.start();
    lens.actions.addOwnImage(photo(7), 'mine.png');
    await messagesArrive();
    const before = lens.state().results.key;
    lens.actions.setPictureOptions({ invert: true, contrast: 1.5 });
    await messagesArrive();
    expect(lens.state().results.key).not.toBe(before);
    const bytes = lens.state().image.current?.bytes;

    const search = lens.address.read();
    stop();
    const reloaded = setUp({ ownImages, search });
    await reloaded.start();
    expect(reloaded.state().image.current).toMatchObject({ kind: 'own', options: { invert: true, contrast: 1.5 } });
    expect(reloaded.state().image.current?.bytes).toEqual(bytes);
  });

  it('that is not here any more is replaced by a sample, with a word', async () => {
    const lens = setUp({ search: '?image=own-0123456789abcdef&layer=3' });
    await lens.start();
    expect(lens.state().selection).toMatchObject({ image: DEFAULT_SELECTION.image, layer: 2 });
    expect(lens.state().notices).toMatchObject([{ kind: 'info', title: 'Your picture is not here any more' }]);
    expect(shownGrey(lens)).toBe(DEFAULT_SAMPLE_INDEX + 1);
  });

  it('without pixels is refused with a sentence, and nothing changes', async () => {
    const lens = setUp();
    await lens.start();
    lens.actions.addOwnImage({ width: 0, height: 0, data: new Uint8ClampedArray(0) }, 'empty.png');
    expect(lens.state().image.current).toMatchObject({ kind: 'sample' });
    expect(lens.state().notices).toMatchObject([{ kind: 'error' }]);
  });
});

describe('trouble with the engine', () => {
  it('is told: a worker that died, and that a new one took over', async () => {
    const lens = setUp();
    await lens.start();
    lens.workers[0]?.silence();
    await lens.clock.advance(5000);
    expect(lens.state().engine).toMatchObject({ phase: 'ready', restarts: 1 });
    expect(lens.state().notices).toMatchObject([{ kind: 'info', title: 'The model worker was restarted' }]);
    lens.actions.select({ image: 'sample-2' });
    await messagesArrive();
    expect(shownGrey(lens)).toBe(3);
  });

  it('is told once when the engine fails, and can be mended', async () => {
    let fails = true;
    const start: Engine['start'] = async () => {
      if (fails) throw { kind: 'network', sentence: 'No model could be loaded.' };
      return { ...INFO, backend: 'cpu', models: [] };
    };
    const lens = setUp({ engine: { start } });
    await lens.start();
    expect(lens.state().engine).toMatchObject({ phase: 'failed', reason: 'No model could be loaded.' });
    expect(lens.state().notices).toHaveLength(1);
    expect(lens.state().results.prepared).toBe(true);
    fails = false;
    lens.actions.restartEngine();
    await messagesArrive();
    expect(lens.state().engine.phase).toBe('ready');
    expect(lens.state().results.prepared).toBe(false);
  });

  it('with one image leaves the engine ready for the next', async () => {
    const explore: Engine['explore'] = async (_ticket, { pixels }) => {
      if (Math.round(255 * (pixels[0] ?? 0)) === 5) throw { kind: 'internal', sentence: 'It did not work.' };
      return explorationOf(pixels);
    };
    const lens = setUp({ engine: { explore } });
    await lens.start();
    lens.actions.select({ image: 'sample-4' });
    await messagesArrive();
    expect(lens.state().notices).toMatchObject([{ kind: 'error', sentence: 'It did not work.' }]);
    expect(lens.state().results.stale).toBe(true);
    lens.actions.select({ image: 'sample-5' });
    await messagesArrive();
    expect(shownGrey(lens)).toBe(6);
    lens.actions.dismiss(lens.state().notices[0]?.id ?? -1);
    expect(lens.state().notices).toEqual([]);
  });

  it('over a checkpoint is a notice; a good one has everything explored anew', async () => {
    let runs = 0;
    const lens = setUp({
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
    await lens.start();
    expect(await lens.actions.replaceMember('baseline', 'bad', new ArrayBuffer(8))).toBeNull();
    expect(lens.state().notices).toMatchObject([{ kind: 'error', title: 'bad was not loaded', sentence: 'Damaged.' }]);
    expect(await lens.actions.replaceMember('baseline', 'good', new ArrayBuffer(8))).toMatchObject({ id: 'baseline' });
    await messagesArrive();
    expect(runs).toBe(2);
    expect(lens.state().results.stale).toBe(false);
  });
});
