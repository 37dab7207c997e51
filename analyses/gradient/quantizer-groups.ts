/** Quantizers by slot, in the order in which a picture meets them. */
import type { QuantizerSlot, QuantizerView } from '@/lib/quantizers/quantizer-view';

export interface QuantizerGroup {
  readonly slot: QuantizerSlot;
  readonly name: string;
  readonly quantizers: readonly QuantizerView[];
}

const SLOT_NAMES: { readonly [Slot in QuantizerSlot]: string } = {
  'linear-input': 'Inputs of linears',
  weight: 'Weights of linears',
  q: 'Queries',
  k: 'Keys',
  v: 'Values',
  attention: 'Attention',
  elsewhere: 'Not in this model',
};

const SLOTS: readonly QuantizerSlot[] = ['linear-input', 'weight', 'q', 'k', 'v', 'attention', 'elsewhere'];

/** Slots without a quantizer are left out. */
export function quantizerGroups(quantizers: readonly QuantizerView[]): readonly QuantizerGroup[] {
  return SLOTS.map((slot) => ({
    slot,
    name: SLOT_NAMES[slot],
    quantizers: quantizers.filter((quantizer) => quantizer.slot === slot),
  })).filter((group) => group.quantizers.length > 0);
}

/** The chosen one; where none has that id, that of the keys, where clipping costs the baseline most, or the first. */
export function chosenQuantizer(quantizers: readonly QuantizerView[], id: string | null): QuantizerView | null {
  return (
    quantizers.find((quantizer) => quantizer.id === id) ??
    quantizers.find(({ slot }) => slot === 'k') ??
    quantizers[0] ??
    null
  );
}

/** `Elastic, attention`. */
export function quantizerLabel({ name, slot }: QuantizerView): string {
  return slot === 'elsewhere' ? name : `${name}, ${SLOT_NAMES[slot].toLowerCase()}`;
}
