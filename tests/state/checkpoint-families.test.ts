import { describe, expect, it, vi } from 'vitest';
import type { CheckpointFile } from '@/engine/protocol';
import { createCheckpointCache, type CachedCheckpoint } from '@/lib/checkpoints/checkpoint-cache';
import type { DeitConfig } from '@/models/architectures/deit/config';
import { layerAt, queryCount } from '@/models/architectures/layer-shape';
import type { ModelConfig } from '@/models/config';
import { checkpointFamily } from '@/models/families/checkpoint-family';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { DEFAULT_RECIPE, parseRecipe } from '@/models/recipe';
import { checkpointPlanner } from '@/state/checkpoint-families';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import { FAMILY } from '@/tests/fashion-mnist';

// A grey of its own for each photograph: its file holds the one byte.
vi.mock('@/lib/images/decode', () => ({
  decodeBlob: async (blob: Blob) => {
    const [grey] = new Uint8Array(await blob.arrayBuffer());
    const data = Uint8ClampedArray.from({ length: 48 * 40 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (grey ?? 0)));
    return { image: { width: 48, height: 40, data } };
  },
}));

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
const STUDENT = 'made/student';
const OTHER = 'made/other';
const GREYS = [10, 20, 30];

function entryOf(id: string, bytes: number, savedAtMs: number): CachedCheckpoint {
  return {
    id,
    label: `label of ${id}`,
    source: { kind: 'hub', repo: id, revision: 'a'.repeat(40) },
    bytes,
    sha256: '0'.repeat(64),
    verified: 'hub',
    savedAtMs,
    configJson: JSON.stringify({
      model_args: { num_heads: 3 },
      pretrained_cfg: { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6], crop_pct: 0.8 },
    }),
  };
}

const photographs = GREYS.map((grey) => ({
  id: `grey-${grey}`,
  title: `Grey ${grey}`,
  file: `grey-${grey}.jpg`,
  width: 48,
  height: 40,
  licence: 'CC0-1.0',
  credit: 'nobody',
  source: 'https://example.org',
}));

async function fetchFile(url: string): Promise<Response> {
  if (url.includes('labels/')) return Response.json(Array.from({ length: 1000 }, (_, i) => `class ${i}`));
  if (url.endsWith('index.json')) return Response.json(photographs);
  return new Response(Uint8Array.of(Number(/grey-(\d+)/.exec(url)?.[1])));
}

async function setUp() {
  const cache = createCheckpointCache(null, null);
  await cache.put(entryOf(TINY, 2, 1), Uint8Array.of(1, 1));
  await cache.put(entryOf(STUDENT, 1, 2), Uint8Array.of(3));
  await cache.put(entryOf(OTHER, 1, 3), Uint8Array.of(4));
  const notify = vi.fn<(notice: { readonly title: string }) => void>();
  const planner = checkpointPlanner(cache, { fetch: fetchFile, basePath: '' });
  return {
    notify,
    plan: (change: { readonly family?: string; readonly student?: string; readonly recipe?: string }, isOpen = false) =>
      planner.plan({ family: TINY, student: '', recipe: DEFAULT_SELECTION.recipe, ...change }, isOpen, notify),
  };
}

/** Of the file that is sent to the worker. */
function bytesOf(file: CheckpointFile | 'embedded' | null | undefined): readonly number[] {
  return file === null || file === undefined || file === 'embedded' ? [] : [...new Uint8Array(file.bytes)];
}

describe('the plan for a checkpoint in this browser', () => {
  it('has its file, its heads and the recipe', async () => {
    const { plan } = await setUp();
    const made = await plan({});
    expect(made?.request).toMatchObject({
      familyId: TINY,
      weights: { id: TINY, label: `label of ${TINY}`, numHeads: 3 },
      trained: null,
      recipe: DEFAULT_RECIPE,
    });
    expect(bytesOf(made?.request.weights)).toEqual([1, 1]);
  });

  it('names the other checkpoints that are here, the newest first', async () => {
    const { plan } = await setUp();
    expect((await plan({}))?.otherCheckpoints).toEqual([
      { id: OTHER, label: `label of ${OTHER}` },
      { id: STUDENT, label: `label of ${STUDENT}` },
    ]);
  });

  it('has no file when the worker has it', async () => {
    const { plan } = await setUp();
    const recipe = 'lin.qkv.elastic.official';
    expect((await plan({ recipe }, true))?.request).toMatchObject({ weights: null, recipe: parseRecipe(recipe) });
    expect((await plan({ recipe: 'by magic' }, true))?.request.recipe).toEqual(DEFAULT_RECIPE);
  });

  it('brings a trained student, and says when it is gone', async () => {
    const { plan, notify } = await setUp();
    const trained = (await plan({ student: STUDENT }))?.request.trained;
    expect(trained).toMatchObject({ id: STUDENT });
    expect(bytesOf(trained)).toEqual([3]);
    expect(notify).not.toHaveBeenCalled();
    expect((await plan({ student: 'made/gone' }))?.request.trained).toBeNull();
    expect(notify.mock.calls[0]?.[0].title).toBe('The student is not in this browser');
  });

  it('is none for a checkpoint that is not here', async () => {
    const { plan } = await setUp();
    expect(await plan({ family: 'made/unknown' })).toBeNull();
  });

  it('prepares pictures as its config.json states, also for another recipe on the open model', async () => {
    const { plan } = await setUp();
    const preprocessing = await (await plan({}))?.pictures.preprocessing(CONFIG);
    if (preprocessing === undefined) throw new Error('no plan');
    expect(preprocessing).toMatchObject({
      kind: 'photo',
      imageSize: 32,
      resize: 40,
      mean: [0.1, 0.2, 0.3],
      std: [0.4, 0.5, 0.6],
      source: 'config.json',
    });
    // With the weights open the worker knows the preprocessing, and asks for pictures alone.
    const pictures = await (
      await plan({ recipe: 'lin.qkv.elastic.official' }, true)
    )?.pictures.samples(2, preprocessing);
    expect(pictures?.map(({ label }) => label)).toEqual([null, null]);
    expect(pictures?.map(({ pixels }) => [...new Set(pixels)])).toEqual([
      [Math.fround(10 / 255)],
      [Math.fround(20 / 255)],
    ]);
  });

  it('becomes a family with the photographs as samples', async () => {
    const { plan } = await setUp();
    const made = await plan({ student: STUDENT });
    const family = await made?.familyOf({
      familyId: TINY,
      config: CONFIG,
      memberIds: ['teacher', 'baseline', 'scaling', 'bi-vit'],
      report: null,
    });
    expect(family).toMatchObject({ id: TINY, name: `label of ${TINY}`, classNames: [] });
    expect(family?.members.map(({ weights }) => weights)).toEqual([
      { kind: 'checkpoint', checkpointId: TINY },
      { kind: 'made' },
      { kind: 'made' },
      { kind: 'checkpoint', checkpointId: STUDENT },
    ]);
    expect((await made?.samples.list())?.map(({ key }) => key)).toEqual([
      'photo-grey-10',
      'photo-grey-20',
      'photo-grey-30',
    ]);
  });

  it('knows what the thousand classes of ImageNet are called, and no others', async () => {
    const { plan } = await setUp();
    const namesOf = async (numClasses: number) => {
      const made = await plan({});
      const config = { ...CONFIG, numClasses };
      return (await made?.familyOf({ familyId: TINY, config, memberIds: ['teacher'], report: null }))?.classNames;
    };
    expect((await namesOf(1000))?.slice(0, 2)).toEqual(['class 0', 'class 1']);
    expect(await namesOf(7)).toEqual([]);
  });
});

describe('the shape of a checkpoint’s family', () => {
  const familyOf = (config: ModelConfig) =>
    checkpointFamily({
      id: TINY,
      name: 'tiny',
      config,
      preprocessing: DEFAULT_FAMILY.preprocessing,
      classNames: [],
      memberIds: ['teacher'],
      trainedId: null,
    });

  it('counts class tokens and patches of a DeiT, every layer alike', () => {
    const large = { imageSize: 224, patchSize: 16, embedDim: 192, depth: 12, numClasses: 1000 };
    const { layers, classesAre } = familyOf({ ...CONFIG, ...large, distilled: true });
    expect(queryCount(layers)).toBe(198);
    expect(layers).toHaveLength(12);
    expect(layerAt(layers, 99)).toEqual(layerAt(layers, 11));
    expect(classesAre).toBe('1,000 classes');
  });

  it('has a stage for each grid of a Swin, every other block’s windows moved while there are several', () => {
    const { layers } = familyOf({
      architecture: 'swin',
      quantization: 'none',
      imageSize: 224,
      patchSize: 4,
      inChannels: 3,
      embedDim: 96,
      depths: [2, 2, 6, 2],
      numHeads: [3, 6, 12, 24],
      windowSize: 7,
      mlpRatio: 4,
      numClasses: 1000,
      normEps: 1e-5,
    });
    expect(layers.map(({ heads }) => heads)).toEqual([3, 3, 6, 6, 12, 12, 12, 12, 12, 12, 24, 24]);
    expect(layers.map(({ stage }) => stage)).toEqual([0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3]);
    expect(layers.map(({ layout }) => layout.gridSide)).toEqual([56, 56, 28, 28, 14, 14, 14, 14, 14, 14, 7, 7]);
    expect(layers.map(({ layout }) => layout.window?.shift)).toEqual([0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 0]);
  });

  it('is the default family’s own for that one', () => {
    expect(queryCount(DEFAULT_FAMILY.layers)).toBe(FAMILY.tokens);
    expect(DEFAULT_FAMILY.layers.map(({ heads }) => heads)).toEqual([4, 4, 4, 4]);
  });
});
