import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointFamily } from '@/models/families/checkpoint-family';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { acceptedFields, formatSelection, parseSelection, withinFamily } from '@/state/selection-url';
import { DEFAULT_SELECTION, type Selection } from '@/state/selection-types';
import type { SwinConfig } from '@/models/architectures/swin/config';
import { FAMILY, MODEL_IDS, SAMPLE_COUNT } from '@/tests/fashion-mnist';

const SWIN: SwinConfig = {
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
};

const hexadecimal = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 16, maxLength: 16 });

export const anySelection: fc.Arbitrary<Selection> = fc.record({
  family: fc.constant(DEFAULT_SELECTION.family),
  student: fc.constant(''),
  recipe: fc.constant(DEFAULT_SELECTION.recipe),
  image: fc.oneof(
    fc.nat(SAMPLE_COUNT - 1).map((index) => `sample-${index}`),
    hexadecimal.map((digits) => `own-${digits.join('')}`),
  ),
  query: fc.nat(FAMILY.tokens - 1),
  layer: fc.nat(FAMILY.layers - 1),
  head: fc.nat(FAMILY.heads - 1),
  scaling: fc.boolean(),
  ranking: fc.boolean(),
  metric: fc.constantFrom('tauB', 'topKOverlap', 'cosine'),
  map: fc.constantFrom('softmaxed', 'binarized'),
  view: fc.constantFrom('overlay', 'plain'),
  scale: fc.constantFrom('locked', 'per-head'),
  compare: fc
    .subarray([...MODEL_IDS], { minLength: 0, maxLength: 5 })
    .map((models) => (models.length === 1 ? [] : models)),
  panel: fc.constantFrom('attention', 'gradient', 'cost'),
  loss: fc.constantFrom('true', 'predicted'),
});

describe('the selection in the address', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(anySelection, (selection) => {
        expect(parseSelection(formatSelection(selection))).toEqual(selection);
      }),
    );
  });

  it('writes nothing for the default selection', () => {
    expect(formatSelection(DEFAULT_SELECTION)).toBe('');
  });

  it('writes only what differs from the default', () => {
    expect(formatSelection({ ...DEFAULT_SELECTION, query: 3, scaling: false })).toBe('?query=3&scaling=off');
  });

  it('leaves the parameters of others alone, and drops its own that went back to the default', () => {
    expect(formatSelection(DEFAULT_SELECTION, '?embed=1&query=3')).toBe('?embed=1');
  });

  it('makes a usable selection of any text whatsoever', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(
          fc.constantFrom('image', 'query', 'layer', 'compare', 'metric', '__proto__'),
          fc.string({ unit: 'binary' }),
        )
        .map(([field, value]) => `?${field}=${encodeURIComponent(value.toWellFormed())}`),
      fc.constantFrom(
        '?query=-1',
        '?query=50',
        '?query=1e1',
        '?query=0x10',
        '?query= 3',
        '?query=03',
        '?layer=0',
        '?query=NaN',
        '?image=sample-1000',
        '?image=sample-',
        '?image=own-../../etc',
        '?image=<img src=x onerror=alert(1)>',
        '?compare=teacher',
        '?compare=teacher.teacher',
        '?compare=teacher.nobody',
        '?scaling=true',
        '?query=%E0%A4%A',
        '?constructor=1&toString=2',
        '?panel=nowhere',
        '?panel=Gradient',
        '?loss=false',
      ),
    );
    fc.assert(
      fc.property(hostile, (search) => {
        const selection = parseSelection(search);
        expect(parseSelection(formatSelection(selection))).toEqual(selection);
        expect(acceptedFields(selection)).toEqual(selection);
      }),
      { numRuns: 500 },
    );
  });

  it('counts layers and heads from one, as the page does', () => {
    expect(formatSelection({ ...DEFAULT_SELECTION, layer: 3, head: 1 })).toBe('?layer=4&head=2');
    expect(parseSelection('?layer=0&head=5')).toEqual(DEFAULT_SELECTION);
  });

  it('falls back field by field: one bad value costs no other', () => {
    expect(parseSelection('?query=999&layer=4&metric=no%20sense&view=nonsense&map=binarized')).toEqual({
      ...DEFAULT_SELECTION,
      layer: 3,
      map: 'binarized',
    });
  });

  it('refuses a change to a value that the address could not hold', () => {
    const change = { query: 50, layer: Number.NaN, head: 1.5, compare: ['teacher'] as const, scaling: false };
    expect(withinFamily(acceptedFields(change), DEFAULT_FAMILY, 0)).toEqual({ scaling: false });
  });

  it('believes a position in a checkpoint, whose shape is not known yet, and an id only where it is one', () => {
    const search = '?family=timm%2Fdeit_tiny_patch16_224.fb_in1k&query=190&layer=12&image=photo-cat';
    expect(parseSelection(search)).toEqual({
      ...DEFAULT_SELECTION,
      family: 'timm/deit_tiny_patch16_224.fb_in1k',
      query: 190,
      layer: 11,
      image: 'photo-cat',
    });
    for (const hostile of [
      '../../etc',
      'a/b/c',
      'javascript:alert(1)',
      'file-12',
      'nonsense',
      'constructor',
      '<img>/x',
      '',
    ])
      for (const name of ['family', 'backbone'])
        expect(parseSelection(`?${name}=${encodeURIComponent(hostile)}`)).toEqual(DEFAULT_SELECTION);
  });

  it('reads the earlier name of the family where today’s is not there', () => {
    expect(parseSelection('?backbone=a%2Fb').family).toBe('a/b');
    expect(parseSelection('?backbone=a%2Fb&family=c%2Fd').family).toBe('c/d');
  });

  it('drops a position that the family does not have', () => {
    const family = checkpointFamily({
      id: 'a/b',
      name: 'b',
      config: { ...SWIN },
      preprocessing: DEFAULT_FAMILY.preprocessing,
      classNames: [],
      memberIds: ['teacher'],
      trainedId: null,
    });
    const position = { query: 3135, layer: 11, head: 23 };
    expect(withinFamily(position, family, 0)).toEqual(position);
    expect(withinFamily({ query: 3136, layer: 12, head: 3 }, family, 0)).toEqual({});
    expect(withinFamily({ head: 3 }, family, 2)).toEqual({ head: 3 });
  });
});
