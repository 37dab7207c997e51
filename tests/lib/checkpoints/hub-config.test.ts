import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputOf, numHeadsOf } from '@/lib/checkpoints/hub-config';

const HALVES = [0.5, 0.5, 0.5];
const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

const ASSUMED: ReturnType<typeof inputOf> = {
  resize: 256,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  interpolation: 'bicubic',
  source: 'assumed',
};

/** As in the config.json of timm/deit_tiny_patch16_224.fb_in1k, its input size in `input_size` as timm writes it. */
const TIMM = {
  architecture: 'deit_tiny_patch16_224',
  num_classes: 1000,
  num_features: 192,
  pretrained_cfg: {
    tag: 'fb_in1k',
    input_size: [3, 224, 224],
    fixed_input_size: true,
    interpolation: 'bicubic',
    crop_pct: 0.9,
    crop_mode: 'center',
    mean: MEAN,
    std: STD,
    num_classes: 1000,
  },
};

/** As transformers writes preprocessor_config.json for google/vit-base-patch16-224. */
const VIT_PREPROCESSOR = {
  do_normalize: true,
  do_resize: true,
  image_mean: HALVES,
  image_std: HALVES,
  size: 224,
};

/** As transformers writes preprocessor_config.json for facebook/deit-tiny-patch16-224. */
const DEIT_PREPROCESSOR = {
  crop_size: 224,
  do_center_crop: true,
  do_normalize: true,
  do_resize: true,
  image_mean: MEAN,
  image_std: STD,
  resample: 3,
  size: 256,
};

const timm = (change: object): string =>
  JSON.stringify({ ...TIMM, pretrained_cfg: { ...TIMM.pretrained_cfg, ...change } });
const transformers = (change: object): string =>
  JSON.stringify({ model_type: 'vit', preprocessor_config: { ...DEIT_PREPROCESSOR, ...change } });

describe('the input that a timm configuration describes', () => {
  it('is resized to floor(size / crop_pct), cropped and normalized as stated', () => {
    expect(inputOf(JSON.stringify(TIMM), 224)).toEqual({
      resize: 248,
      mean: MEAN,
      std: STD,
      interpolation: 'bicubic',
      source: 'config.json',
    });
  });

  it('is the same with the fields at the top, as before 2023', () => {
    const { pretrained_cfg, ...rest } = TIMM;
    expect(inputOf(JSON.stringify({ ...rest, ...pretrained_cfg }), 224)).toEqual(inputOf(JSON.stringify(TIMM), 224));
  });

  it.each([
    [0.875, 224, 256],
    [0.9, 224, 248],
    [0.95, 224, 235],
    [1, 224, 224],
    [1, 384, 384],
    [0.875, 32, 36],
  ])('with a crop of %f at %i pixels is resized to %i', (crop_pct, size, resize) => {
    expect(inputOf(timm({ crop_pct }), size)).toMatchObject({ resize });
  });

  it('uses the size of the model, not of the configuration', () => {
    expect(inputOf(timm({ input_size: [3, 384, 384], crop_pct: 1 }), 224)).toMatchObject({ resize: 224 });
  });

  it('gives the interpolation', () => {
    expect(inputOf(timm({ input_size: [1, 28, 28], interpolation: 'bilinear' }), 28)).toMatchObject({
      interpolation: 'bilinear',
      source: 'config.json',
    });
  });

  it('does not need the optional fields', () => {
    expect(inputOf(JSON.stringify({ mean: HALVES, std: HALVES }), 224)).toEqual({
      ...ASSUMED,
      mean: HALVES,
      std: HALVES,
      source: 'config.json',
    });
  });

  it.each([
    ['a mean of two channels', { mean: [0.5, 0.5] }],
    ['a mean that is a text', { mean: '0.5' }],
    ['a deviation of 0', { std: [0.2, 0, 0.2] }],
    ['a negative deviation', { std: [0.2, -0.2, 0.2] }],
    ['values from 0 to 255', { mean: [123.675, 116.28, 103.53], std: [58.4, 57.1, 57.4] }],
    ['a crop of nothing', { crop_pct: 0 }],
    ['a crop beyond the picture', { crop_pct: 1.5 }],
    ['no channels', { input_size: [0, 224, 224] }],
    ['half a pixel', { input_size: [3, 224.5, 224] }],
    ['an unknown interpolation', { interpolation: 'lanczos' }],
  ])('is assumed, and marked so, for %s', (_what, change) => {
    expect(inputOf(timm(change), 224)).toEqual(ASSUMED);
  });
});

describe('the input that a transformers configuration describes', () => {
  it('is resized, cropped and normalized as stated', () => {
    expect(inputOf(transformers({}), 224)).toEqual({ ...ASSUMED, source: 'config.json' });
  });

  it('is the whole picture where nothing is cropped', () => {
    const json = JSON.stringify({ model_type: 'vit', preprocessor_config: VIT_PREPROCESSOR });
    expect(inputOf(json, 224)).toEqual({
      ...ASSUMED,
      resize: 224,
      mean: HALVES,
      std: HALVES,
      source: 'config.json',
    });
  });

  it('may also be at the top', () => {
    expect(inputOf(JSON.stringify(DEIT_PREPROCESSOR), 224)).toEqual(inputOf(transformers({}), 224));
  });

  it.each([
    ['a number', 256, 224],
    ['a shortest edge', { shortest_edge: 256 }, { height: 224, width: 224 }],
    ['height and width', { height: 256, width: 300 }, { shortest_edge: 224 }],
  ])('says its sizes as %s', (_how, size, crop_size) => {
    expect(inputOf(transformers({ size, crop_size }), 224)).toMatchObject({ resize: 256 });
  });

  it.each([
    [2, 'bilinear'],
    [3, 'bicubic'],
    [undefined, 'bicubic'],
  ])('with Pillow’s number %s is %s', (resample, interpolation) => {
    expect(inputOf(transformers({ resample }), 224)).toMatchObject({ interpolation, source: 'config.json' });
  });

  it('is scaled to the size of the model', () => {
    expect(inputOf(transformers({}), 448)).toMatchObject({ resize: 512 });
  });

  it('is never resized below the crop', () => {
    expect(inputOf(transformers({ size: 200, crop_size: 224 }), 224)).toMatchObject({ resize: 224 });
  });

  it.each([
    ['an unknown resampling', { resample: 1 }],
    ['a size of nothing', { size: 0 }],
    ['a size without an edge', { size: {} }],
    ['four channels', { image_mean: [0.5, 0.5, 0.5, 0.5] }],
  ])('is assumed, and marked so, for %s', (_what, change) => {
    expect(inputOf(transformers(change), 224)).toEqual(ASSUMED);
  });
});

describe('a configuration that says nothing about images', () => {
  it.each([null, '', 'not json', '{', 'null', '17', '"text"', '[]', '[{"mean":[0,0,0],"std":[1,1,1]}]', '{}'])(
    'gives the usual values for ImageNet, marked as assumed: %s',
    (json) => {
      expect(inputOf(json, 224)).toEqual(ASSUMED);
      expect(numHeadsOf(json)).toBeNull();
    },
  );
});

describe('a hostile configuration', () => {
  const number = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.constantFrom(0, -1, 1e-3, 1e-300, 1e300, 8192, 0.1, 1, 2 ** 53, 64),
  );
  const value = fc.oneof(
    number,
    fc.array(number, { minLength: 3, maxLength: 3 }),
    fc.record({ shortest_edge: number }),
    fc.record({ height: number, width: number }),
    fc.constantFrom('bicubic', 'bilinear', 'lanczos', null, true, HALVES, STD, [3, 224, 224]),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const plausible = fc.record(
    {
      mean: fc.oneof(fc.constant(MEAN), value),
      std: fc.oneof(fc.constant(STD), value),
      input_size: value,
      crop_pct: value,
      interpolation: value,
      image_mean: fc.oneof(fc.constant(MEAN), value),
      image_std: fc.oneof(fc.constant(STD), value),
      size: value,
      crop_size: value,
      resample: fc.oneof(fc.constantFrom(2, 3), value),
      num_heads: value,
      num_attention_heads: value,
      architecture: fc.oneof(fc.constantFrom('deit_tiny_patch16_224', 'vit_huge_patch14_224', '__proto__'), value),
    },
    { requiredKeys: [] },
  );
  const config = fc.record(
    {
      pretrained_cfg: fc.oneof(plausible, value),
      preprocessor_config: fc.oneof(plausible, value),
      model_args: fc.oneof(plausible, value),
    },
    { requiredKeys: [] },
  );
  const json = fc.oneof(
    fc.tuple(plausible, config).map(([top, nested]) => JSON.stringify({ ...top, ...nested })),
    fc.json(),
    fc.string(),
  );

  it('never throws, and gives values that a picture can be prepared with', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 1, max: 2048 }), (text, imageSize) => {
        const input = inputOf(text, imageSize);
        expect(Number.isSafeInteger(input.resize)).toBe(true);
        expect(input.resize).toBeGreaterThanOrEqual(imageSize);
        expect(input.mean).toHaveLength(3);
        expect(input.std).toHaveLength(3);
        expect(input.mean.every(Number.isFinite)).toBe(true);
        expect(input.std.every((std) => Number.isFinite(std) && std > 0)).toBe(true);
        expect(['bicubic', 'bilinear']).toContain(input.interpolation);
      }),
      { numRuns: 2000 },
    );
  });

  // timm's crop_pct is accepted from 0.1 on.
  it.each([
    ['by timm', timm({ crop_pct: 1e-4 })],
    ['by transformers', transformers({ size: 8192, crop_size: 1 })],
    [
      'by transformers, with edges',
      transformers({ size: { shortest_edge: 8192 }, crop_size: { height: 8, width: 8 } }),
    ],
  ])('never gives, %s, a picture more than ten times as large as its crop', (_by, text) => {
    expect(inputOf(text, 224).resize).toBeLessThanOrEqual(2240);
  });

  it('never gives a number of heads that no model has', () => {
    fc.assert(
      fc.property(json, (text) => {
        const heads = numHeadsOf(text);
        expect(heads === null || (Number.isInteger(heads) && heads >= 1 && heads <= 64)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the heads of each layer', () => {
  it.each([
    ['deit_tiny_patch16_224', 3],
    ['deit_small_patch16_224', 6],
    ['deit_base_patch16_384', 12],
    ['deit_tiny_distilled_patch16_224', 3],
    ['deit3_large_patch16_224', 16],
    ['vit_tiny_patch16_224', 3],
    ['vit_base_patch32_224', 12],
    ['vit_huge_patch14_224', 16],
  ])('of timm’s %s are %i', (architecture, heads) => {
    expect(numHeadsOf(JSON.stringify({ architecture }))).toBe(heads);
  });

  it('are those of the arguments rather than of the name', () => {
    expect(numHeadsOf('{"architecture":"deit_tiny_patch16_224","model_args":{"num_heads":4}}')).toBe(4);
  });

  it('are those that transformers states', () => {
    expect(numHeadsOf('{"model_type":"deit","num_attention_heads":6,"hidden_size":384}')).toBe(6);
  });

  it.each([
    '{"architecture":"swin_tiny_patch4_window7_224"}',
    '{"model_type":"swin","num_heads":[3,6,12,24]}',
    '{"architecture":"vit_giant_patch14_224"}',
    '{"architecture":"not_a_vit_tiny_patch16_224"}',
    '{"architecture":17}',
    '{"num_attention_heads":0}',
    '{"num_attention_heads":65}',
    '{"num_attention_heads":2.5}',
    '{"num_attention_heads":"3"}',
    '{"model_args":{"num_heads":-3}}',
  ])('are unknown for %s', (json) => {
    expect(numHeadsOf(json)).toBeNull();
  });
});
