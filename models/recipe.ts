/**
 * How a full-precision model is binarized on the spot: which parts, by which binarizer, with which scaling factors, in which layers.
 * Plain data, and its short text for an address: `lin.qkv.elastic.calibrated.1-12`.
 */
import { BINARIZER_IDS, type BinarizerId } from '@/lib/quantizers/attention/records';

/**
 * Where the scaling factors come from; none is trained here.
 *
 *     one         alpha = 1
 *     official    alpha = 2 mean|x| for each head, as the released code of Bi-ViT starts (arXiv 2305.12354)
 *     calibrated  by least squares of the values against their binarized form, for each head, over a few pictures
 */
export const ALPHA_RULES = ['one', 'official', 'calibrated'] as const;
export type AlphaRule = (typeof ALPHA_RULES)[number];

export interface BinarizationRecipe {
  /** The four linears of a block: signs of weights with a scale per row, signs of inputs with a scale per token. */
  readonly linears: boolean;
  readonly qkv: boolean;
  /** `null`: the attention stays real-valued. */
  readonly attention: BinarizerId | null;
  readonly alpha: AlphaRule;
  /** 0-based, inclusive, over the blocks that attend, across the stages of a Swin; what exceeds the model's layers is ignored. */
  readonly layers: { readonly from: number; readonly to: number };
}

/** No model here has more layers. */
const LAYERS = 512;

/** The attention and what enters it; everything else as it was trained. */
export const DEFAULT_RECIPE: BinarizationRecipe = {
  linears: false,
  qkv: true,
  attention: 'elastic',
  alpha: 'calibrated',
  layers: { from: 0, to: LAYERS - 1 },
};

/** For an address; `parseRecipe` reads it. Layers count from 1, and are left out where all are meant. */
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

const [IDS, RULES, LAYER] = [BINARIZER_IDS.join('|'), ALPHA_RULES.join('|'), String.raw`([1-9]\d{0,2})`];
const TEXT = new RegExp(String.raw`^(lin\.)?(qkv\.)?(?:(${IDS})\.)?(${RULES})(?:\.${LAYER}-${LAYER})?$`);

/** @returns `null` for anything that `formatRecipe` does not write */
export function parseRecipe(text: string): BinarizationRecipe | null {
  const [, linears, qkv, id, rule, first, last] = TEXT.exec(text) ?? [];
  const alpha = ALPHA_RULES.find((each) => each === rule);
  if (alpha === undefined) return null;
  const layers = first === undefined ? DEFAULT_RECIPE.layers : { from: Number(first) - 1, to: Number(last) - 1 };
  if (layers.from > layers.to || layers.to >= LAYERS) return null;
  const attention = BINARIZER_IDS.find((each) => each === id) ?? null;
  const recipe = { linears: linears !== undefined, qkv: qkv !== undefined, attention, alpha, layers };
  // Every recipe has one text: all layers, for one, are written without a range.
  return formatRecipe(recipe) === text ? recipe : null;
}

/** @param layer 0-based */
export function isWithin({ layers: { from, to } }: BinarizationRecipe, layer: number): boolean {
  return layer >= from && layer <= to;
}

/** In every layer, however many there are. */
export function isEverywhere({ layers: { from, to } }: BinarizationRecipe): boolean {
  return from <= 0 && to >= LAYERS - 1;
}
