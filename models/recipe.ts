/**
 * What becomes of a full-precision model that is binarized on the spot: which parts, by which binarizer, with which scaling factors,
 * in which layers. Plain data, and the short text in which it stands in an address: `lin.qkv.elastic.calibrated.1-12`.
 */
import { BINARIZER_IDS, type BinarizerId } from '@/lib/quantizers/attention/records';

/**
 * Where the scaling factors come from, which nobody trains here.
 *
 *     one         alpha = 1
 *     official    alpha = 2 mean|x| for each head, as the released code of Bi-ViT starts (arXiv 2305.12354)
 *     calibrated  by least squares of the values against their binarized form, for each head, over a few pictures
 */
export const ALPHA_RULES = ['one', 'official', 'calibrated'] as const;
export type AlphaRule = (typeof ALPHA_RULES)[number];

export interface BinarizationRecipe {
  /** The four linears of a block: weights by row scale, and the signs of what enters them with a scale for each token. */
  readonly linears: boolean;
  readonly qkv: boolean;
  /** `null`: the attention stays real-valued. */
  readonly attention: BinarizerId | null;
  readonly alpha: AlphaRule;
  /** 0-based, both included, over the blocks that attend, in order (of a Swin across stages). Beyond the last one is up to the last one. */
  readonly layers: { readonly from: number; readonly to: number };
}

/** No model here has more layers. */
const LAYERS = 512;

/** The attention alone, which is what this app is about; everything else as it was trained. */
export const DEFAULT_RECIPE: BinarizationRecipe = {
  linears: false,
  qkv: true,
  attention: 'elastic',
  alpha: 'calibrated',
  layers: { from: 0, to: LAYERS - 1 },
};

/** Short, unambiguous, for an address; `parseRecipe` reads it. Layers are counted from 1; all of them are left out. */
export function formatRecipe(recipe: BinarizationRecipe): string {
  const { linears, qkv, attention, alpha, layers } = recipe;
  return [
    ...(linears ? ['lin'] : []),
    ...(qkv ? ['qkv'] : []),
    ...(attention === null ? [] : [attention]),
    alpha,
    ...(isEverywhere(recipe) ? [] : [`${layers.from + 1}-${layers.to + 1}`]),
  ].join('.');
}

/** @returns `null` for anything that `formatRecipe` does not write */
export function parseRecipe(text: string): BinarizationRecipe | null {
  if (text.length > 80) return null;
  const words = text.split('.');
  const takeIf = (accepts: (word: string) => boolean): string | null => {
    const [word] = words;
    if (word === undefined || !accepts(word)) return null;
    words.shift();
    return word;
  };
  const linears = takeIf((word) => word === 'lin') !== null;
  const qkv = takeIf((word) => word === 'qkv') !== null;
  const attention = idOf(
    BINARIZER_IDS,
    takeIf((word) => idOf(BINARIZER_IDS, word) !== null),
  );
  const alpha = idOf(
    ALPHA_RULES,
    takeIf((word) => idOf(ALPHA_RULES, word) !== null),
  );
  const range = takeIf((word) => /^[1-9]\d{0,2}-[1-9]\d{0,2}$/.test(word));
  if (alpha === null || words.length > 0) return null;
  const layers = range === null ? DEFAULT_RECIPE.layers : layersOf(range);
  const recipe = layers && { linears, qkv, attention, alpha, layers };
  // One text for each recipe: an address that says the same otherwise is none of ours.
  return recipe !== null && formatRecipe(recipe) === text ? recipe : null;
}

function idOf<const Id extends string>(ids: readonly Id[], word: string | null): Id | null {
  return ids.find((id) => id === word) ?? null;
}

function layersOf(range: string): BinarizationRecipe['layers'] | null {
  const [first = NaN, last = NaN] = range.split('-').map(Number);
  return first <= last && last <= LAYERS ? { from: first - 1, to: last - 1 } : null;
}

/** Whether the recipe changes anything in that layer, counted from 0. */
export function isWithin({ layers: { from, to } }: BinarizationRecipe, layer: number): boolean {
  return layer >= from && layer <= to;
}

/** In every layer, however many there are. */
export function isEverywhere({ layers: { from, to } }: BinarizationRecipe): boolean {
  return from <= 0 && to >= LAYERS - 1;
}
