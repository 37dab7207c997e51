import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BINARIZER_IDS } from '@/lib/quantizers/attention/records';
import {
  ALPHA_RULES,
  DEFAULT_RECIPE,
  formatRecipe,
  isWithin,
  parseRecipe,
  type BinarizationRecipe,
} from '@/models/recipe';
import { recipeSentence } from '@/models/recipe-words';

const recipes: fc.Arbitrary<BinarizationRecipe> = fc.record({
  linears: fc.boolean(),
  qkv: fc.boolean(),
  attention: fc.option(fc.constantFrom(...BINARIZER_IDS)),
  alpha: fc.constantFrom(...ALPHA_RULES),
  layers: fc.tuple(fc.nat(511), fc.nat(511)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
});

describe('a recipe', () => {
  it('comes back from its text as it was', () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        expect(parseRecipe(formatRecipe(recipe))).toEqual(recipe);
      }),
    );
  });

  it('is short and readable', () => {
    const all = { linears: true, qkv: true, attention: 'elastic', alpha: 'calibrated', layers: { from: 0, to: 11 } };
    expect(formatRecipe(all as BinarizationRecipe)).toBe('lin.qkv.elastic.calibrated.1-12');
    expect(formatRecipe(DEFAULT_RECIPE)).toBe('qkv.elastic.calibrated');
    expect(parseRecipe('one')).toMatchObject({ linears: false, qkv: false, attention: null, alpha: 'one' });
  });

  it.each([
    '',
    '.',
    'lin',
    'qkv.lin.one',
    'lin.lin.one',
    'elastic.bool.one',
    'one.official',
    'one.2',
    'one.0-3',
    'one.3-2',
    'one.1-513',
    'one.1-512', // every layer is written without a range
    'one.01-2',
    'one.1-2.',
    'ONE',
    ' one',
    'one\n',
    'constructor',
    'one.__proto__',
    'one.1e1-2',
    `one.${'1'.repeat(1e6)}-2`,
  ])('is not %j', (text) => {
    expect(parseRecipe(text)).toBeNull();
  });

  it('is null for a text that nobody wrote, or else the only text of that recipe', () => {
    const words = ['lin', 'qkv', 'one', 'official', 'elastic', 'bool', '1-3', '7-7', '0-1', 'x', ''];
    const texts = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((chosen) => chosen.join('.')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const recipe = parseRecipe(text);
        if (recipe !== null) expect(formatRecipe(recipe)).toBe(text);
      }),
    );
  });

  it('says in words what it does', () => {
    expect(recipeSentence(DEFAULT_RECIPE)).toBe(
      'Binarized after training, in every layer: q, k and v, the attention by elastic binarization; scaling factors by least squares over a few pictures.',
    );
    expect(recipeSentence({ ...DEFAULT_RECIPE, qkv: false, attention: null })).toBe('Nothing is binarized.');
    const linears = { ...DEFAULT_RECIPE, qkv: false, attention: null, linears: true, layers: { from: 2, to: 4 } };
    expect(recipeSentence(linears)).toBe('Binarized after training, in layers 3 to 5: the linears.');
    expect(recipeSentence({ ...linears, layers: { from: 2, to: 2 } })).toContain('in layer 3:');
  });

  it('has two sentences for two recipes that differ in what they do', () => {
    fc.assert(
      fc.property(recipes, recipes, (a, b) => {
        const isSame = formatRecipe(a) === formatRecipe(b);
        const doesSomething = [a, b].every(({ linears, qkv, attention }) => linears || qkv || attention !== null);
        const hasAlpha = [a, b].every(({ qkv, attention }) => qkv || attention !== null);
        if (!isSame && doesSomething && hasAlpha) expect(recipeSentence(a)).not.toBe(recipeSentence(b));
      }),
    );
  });

  it('holds for its layers, both ends included', () => {
    const recipe = { ...DEFAULT_RECIPE, layers: { from: 2, to: 4 } };
    expect([0, 1, 2, 3, 4, 5].filter((layer) => isWithin(recipe, layer))).toEqual([2, 3, 4]);
    expect(isWithin(DEFAULT_RECIPE, 400)).toBe(true);
  });
});
