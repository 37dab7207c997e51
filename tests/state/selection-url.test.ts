import { MATRIX_METRICS } from '@/analyses/attention/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptedFields, FAMILY_LIMITS, formatSelection, parseSelection, withinLimits } from '@/state/selection-url';
import { DEFAULT_SELECTION, PANEL_IDS, type Selection } from '@/state/selection-types';
import { FAMILY, MODEL_IDS, SAMPLE_COUNT } from '@/tests/fashion-mnist';

const hexadecimal = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 16, maxLength: 16 });

export const anySelection: fc.Arbitrary<Selection> = fc.record({
  backbone: fc.constant(''),
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
  metric: fc.constantFrom(...MATRIX_METRICS),
  map: fc.constantFrom('softmaxed', 'binarized'),
  view: fc.constantFrom('overlay', 'plain'),
  scale: fc.constantFrom('locked', 'per-head'),
  compare: fc
    .subarray([...MODEL_IDS], { minLength: 0, maxLength: 5 })
    .map((models) => (models.length === 1 ? [] : models)),
  panel: fc.constantFrom(...PANEL_IDS),
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
    expect(parseSelection('?query=999&layer=4&metric=nonsense&map=binarized')).toEqual({
      ...DEFAULT_SELECTION,
      layer: 3,
      map: 'binarized',
    });
  });

  it('refuses a change to a value that the address could not hold', () => {
    const change = { query: 50, layer: Number.NaN, head: 1.5, compare: ['teacher'] as const, scaling: false };
    expect(withinLimits(acceptedFields(change), FAMILY_LIMITS, 0)).toEqual({ scaling: false });
  });

  it('believes a place in a backbone, whose shape is not known yet, and its model’s id only where it is one', () => {
    const search = '?backbone=timm%2Fdeit_tiny_patch16_224.fb_in1k&query=190&layer=12&image=photo-cat';
    expect(parseSelection(search)).toEqual({
      ...DEFAULT_SELECTION,
      backbone: 'timm/deit_tiny_patch16_224.fb_in1k',
      query: 190,
      layer: 11,
      image: 'photo-cat',
    });
    for (const hostile of ['../../etc', 'a/b/c', 'javascript:alert(1)', 'file-12', '<img>/x'])
      expect(parseSelection(`?backbone=${encodeURIComponent(hostile)}`)).toEqual(DEFAULT_SELECTION);
  });

  it('drops a place that the model at hand does not have', () => {
    const limits = { queries: 197, layers: 12, heads: (layer: number) => (layer < 2 ? 3 : 6) };
    expect(withinLimits({ query: 196, layer: 11, head: 5 }, limits, 0)).toEqual({ query: 196, layer: 11, head: 5 });
    expect(withinLimits({ query: 197, layer: 12, head: 3 }, limits, 0)).toEqual({});
    expect(withinLimits({ head: 3 }, limits, 2)).toEqual({ head: 3 });
  });
});
