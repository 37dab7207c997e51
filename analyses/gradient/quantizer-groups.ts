/**
 * The quantizers of a study by where they stand, in the order in which a picture meets them.
 */
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import type { QuantizerPlace } from '@/lib/quantizers/quantizer-view';

export interface QuantizerGroup {
  readonly place: QuantizerPlace;
  readonly name: string;
  readonly quantizers: readonly QuantizerView[];
}

const PLACE_NAMES: { readonly [Place in QuantizerPlace]: string } = {
  'linear-input': 'Inputs of linears',
  weight: 'Weights of linears',
  q: 'Queries',
  k: 'Keys',
  v: 'Values',
  attention: 'Attention',
  elsewhere: 'Not in this model',
};

const PLACES: readonly QuantizerPlace[] = ['linear-input', 'weight', 'q', 'k', 'v', 'attention', 'elsewhere'];

/** Places without a quantizer are left out. */
export function quantizerGroups(quantizers: readonly QuantizerView[]): readonly QuantizerGroup[] {
  return PLACES.map((place) => ({
    place,
    name: PLACE_NAMES[place],
    quantizers: quantizers.filter((quantizer) => quantizer.place === place),
  })).filter((group) => group.quantizers.length > 0);
}

/** The one that was chosen; where the study has none of that id, that of the keys, where clipping starves the baseline most, or the first. */
export function chosenQuantizer(quantizers: readonly QuantizerView[], id: string | null): QuantizerView | null {
  return (
    quantizers.find((quantizer) => quantizer.id === id) ??
    quantizers.find(({ place }) => place === 'k') ??
    quantizers[0] ??
    null
  );
}

/** `Elastic, attention`. */
export function quantizerLabel({ name, place }: QuantizerView): string {
  return place === 'elsewhere' ? name : `${name}, ${PLACE_NAMES[place].toLowerCase()}`;
}
