/** A recipe in words, for people; its text for an address is in `recipe.ts`. */
import { binarizerRecord } from '@/lib/quantizers/attention/records';
import { isEverywhere, type AlphaRule, type BinarizationRecipe } from '@/models/recipe';

const ALPHA_WORDS: { readonly [Rule in AlphaRule]: string } = {
  one: 'scaling factors fixed at 1',
  official: 'scaling factors at the official start, 2 mean|x|',
  calibrated: 'scaling factors by least squares over a few pictures',
};

export function recipeSentence(recipe: BinarizationRecipe): string {
  const { linears, qkv, attention, alpha } = recipe;
  const binarizer = attention === null ? null : binarizerRecord(attention);
  const parts = [
    ...(linears ? ['the linears'] : []),
    ...(qkv ? [binarizer?.binarizes === 'q and k' ? 'v' : 'q, k and v'] : []),
    ...(binarizer === null ? [] : [binarizer.phrase]),
  ];
  if (parts.length === 0) return 'Nothing is binarized.';
  const scaled = qkv || binarizer !== null ? `; ${ALPHA_WORDS[alpha]}` : '';
  return `Binarized after training, in ${layerWords(recipe)}: ${parts.join(', ')}${scaled}.`;
}

function layerWords(recipe: BinarizationRecipe): string {
  const { from, to } = recipe.layers;
  if (isEverywhere(recipe)) return 'every layer';
  return from === to ? `layer ${from + 1}` : `layers ${from + 1} to ${to + 1}`;
}
