import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { DeitConfig } from '@/models/architectures/deit/config';
import { checkpointFamily } from '@/models/families/checkpoint-family';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import type { AppState, FamilySample } from '@/state/app-state';
import { imageLoader } from '@/state/image-loader';
import { addNotice } from '@/state/notices-slice';
import { memoryImages } from '@/state/own-images';
import type { SampleSource } from '@/state/sample-sources';
import { DEFAULT_SELECTION, type Selection } from '@/state/selection-types';
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

const CHECKPOINT = checkpointFamily({
  id: 'made/tiny',
  name: 'tiny',
  config: CONFIG,
  preprocessing: {
    kind: 'photo',
    imageSize: 32,
    channels: 3,
    resize: 40,
    interpolation: 'bicubic',
    source: 'config.json',
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  classNames: [],
  memberIds: ['teacher'],
  trainedId: null,
});

const photograph = (id: string): FamilySample => ({
  key: `photo-${id}`,
  title: id,
  classIndex: null,
  thumbnail: { kind: 'url', url: `/${id}.jpg` },
  credit: null,
});

const MINE = {
  width: 48,
  height: 40,
  data: Uint8ClampedArray.from({ length: 48 * 40 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7) % 256)),
};

/** With the checkpoint on screen, and two photographs. */
function setUp() {
  const store = createStore<AppState>(() =>
    makeState({ family: CHECKPOINT, selection: { ...DEFAULT_SELECTION, family: CHECKPOINT.id } }),
  );
  const image = vi.fn<SampleSource['image']>(async (sample) => ({
    kind: 'sample',
    key: sample.key,
    sample,
    pixels: new Float32Array(3 * 32 * 32),
    bytes: new Uint8Array(3 * 32 * 32),
  }));
  const ownImages = memoryImages();
  const loader = imageLoader({
    store,
    ownImages,
    notify: (notice) => store.setState(({ notices }) => ({ notices: addNotice(notices, notice) })),
    samples: () => ({ list: async () => [photograph('cat'), photograph('boats')], image }),
  });
  // As the store does it: another picture is selected, and the loader brings it.
  store.subscribe((state, before) => {
    if (state.selection.image !== before.selection.image) void loader.load();
  });
  return {
    loader,
    image,
    ownImages,
    state: store.getState,
    setState: store.setState,
    choose: (change: Partial<Selection>) =>
      store.setState(({ selection }) => ({ selection: { ...selection, ...change } })),
    shows: (key: string): Promise<void> =>
      vi.waitFor(() => expect(store.getState().image.current?.key).toBe(key), { interval: 1 }),
    own: () => {
      const { current } = store.getState().image;
      if (current?.kind !== 'own') throw new Error('no picture of one’s own is on screen');
      return current;
    },
  };
}

describe('the samples of a checkpoint', () => {
  it('are prepared as the checkpoint takes them', async () => {
    const page = setUp();
    page.choose({ image: 'photo-boats' });
    await page.loader.loadSamples();
    await page.shows('photo-boats');
    expect(page.image).toHaveBeenLastCalledWith(photograph('boats'), CHECKPOINT.preprocessing);
    expect(page.state().notices).toEqual([]);
  });

  it('do not have every name: the first takes the place of one that is missing, and that is said', async () => {
    const page = setUp();
    await page.loader.loadSamples();
    page.choose({ image: 'photo-red' });
    await page.shows('photo-cat');
    expect(page.state().selection.image).toBe('photo-cat');
    expect(page.state().notices).toMatchObject([{ kind: 'info', title: 'This sample does not exist' }]);
    expect(page.state().history.past).toEqual([]);
  });

  it('take the place of another family’s without a word', async () => {
    const page = setUp();
    await page.loader.loadSamples();
    await page.shows('photo-cat');
    expect(page.state().notices).toEqual([]);
  });

  it('that cannot be fetched are said to be, and the picture before stays', async () => {
    const page = setUp();
    await page.loader.loadSamples();
    await page.shows('photo-cat');
    page.image.mockRejectedValueOnce(new Error('offline'));
    page.choose({ image: 'photo-boats' });
    await vi.waitFor(() => expect(page.state().notices).toMatchObject([{ title: 'The picture was not loaded' }]));
    expect(page.state().image.current?.key).toBe('photo-cat');
  });

  it('are not loaded while another family is being opened', async () => {
    const page = setUp();
    await page.loader.loadSamples();
    await page.shows('photo-cat');
    page.choose({ family: 'made/other', image: 'photo-boats' });
    await page.loader.load();
    expect(page.state().image.current?.key).toBe('photo-cat');
    expect(page.image).toHaveBeenCalledOnce();
  });
});

describe('a person’s own picture beside a checkpoint', () => {
  it('is shown as the checkpoint sees it: the evaluation’s own square, or the one that was chosen', async () => {
    const page = setUp();
    await page.loader.add(MINE, 'mine', 0);
    // The shorter side, 40 pixels, becomes 40, of which the middle 32 are seen.
    expect(page.own().applied).toEqual({ crop: { x: 8, y: 4, size: 32 }, inverted: false });
    expect(page.own().bytes).toHaveLength(3 * 32 * 32);
    const crop = { x: 3, y: 5, size: 20 };
    await page.loader.setOptions({ crop });
    expect(page.own().applied.crop).toEqual(crop);
  });

  it('keeps every choice, however quickly one follows the other', async () => {
    const page = setUp();
    await page.loader.add(MINE, 'mine', 0);
    await Promise.all([
      page.loader.setOptions({ invert: true }),
      page.loader.setOptions({ contrast: 1.2 }),
      page.loader.setOptions({ contrast: 1.5 }),
    ]);
    const options = { crop: null, invert: true, contrast: 1.5 };
    expect(page.own().options).toEqual(options);
    expect((await page.ownImages.get(page.own().key))?.options).toEqual(options);
  });

  it('is prepared for the family that came while it was being prepared for the one before', async () => {
    const page = setUp();
    const adding = page.loader.add(MINE, 'mine', 0);
    page.setState(({ selection, image }) => ({
      family: DEFAULT_FAMILY,
      selection: { ...selection, family: DEFAULT_FAMILY.id },
      image: { ...image, current: null },
    }));
    await adding;
    await page.shows(page.state().selection.image);
    expect(page.own().name).toBe('mine');
    expect(page.own().bytes).toHaveLength(784);
  });
});
