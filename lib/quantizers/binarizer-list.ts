/**
 * The attention binarizers as the page lists them, in the order of the comparison: plain data, without their code. A new one is its
 * file, a line here and one in `attention-binarizers.ts`.
 */

export interface BinarizerEntry {
  readonly id: string;
  /** Short enough for a chart's row; the record has the full name. */
  readonly short: string;
  /** In a menu, with the method it comes from. */
  readonly menu: string;
  /** In a sentence about a model: `the linears, the attention by elastic binarization`. */
  readonly phrase: string;
  /** The largest of its levels where they are whole numbers by definition: switches and counts, not shares of attention. */
  readonly wholeLevels: number | null;
  /** Where its parameters come from without training: as chosen, one way whatever is chosen, or it has none. */
  readonly origin: 'chosen' | 'least squares, whichever is chosen' | 'means of |q| and |k|' | null;
}

// prettier-ignore
export const BINARIZER_LIST = [
  { id: 'sign-alpha', short: 'Sign with α', menu: 'sign, α and z per head (Bi-ViT’s code)', phrase: 'the attention by sign with α and z', wholeLevels: null, origin: 'chosen' },
  { id: 'bool', short: 'Bool', menu: 'bool: scores ≥ 0 (BiBERT)', phrase: 'the attention by bool on the scores', wholeLevels: 1, origin: null },
  { id: 'elastic', short: 'Elastic', menu: 'elastic (BiT)', phrase: 'the attention by elastic binarization', wholeLevels: null, origin: 'chosen' },
  { id: 'softmax-aware', short: 'Softmax-aware', menu: 'softmax-aware (BiViT)', phrase: 'the attention by a softmax-aware threshold', wholeLevels: 1, origin: null },
  { id: 'group-superposition', short: 'Group superposition', menu: 'group superposition (GSB)', phrase: 'the attention by group superposition', wholeLevels: null, origin: 'least squares, whichever is chosen' },
  { id: 'decomposition', short: 'Decomposition', menu: 'decomposition (BHViT)', phrase: 'the attention by decomposition into three maps', wholeLevels: 3, origin: null },
  { id: 'q-k-only', short: 'Only q and k', menu: 'q, k only (BinaryAttention)', phrase: 'q and k by their means, the attention left real-valued', wholeLevels: null, origin: 'means of |q| and |k|' },
] as const satisfies readonly BinarizerEntry[];

export type BinarizerId = (typeof BINARIZER_LIST)[number]['id'];

export const BINARIZER_IDS: readonly BinarizerId[] = BINARIZER_LIST.map(({ id }) => id);

export function binarizerEntry(id: BinarizerId): BinarizerEntry {
  const found = BINARIZER_LIST.find((entry) => entry.id === id);
  if (found === undefined) throw new TypeError(`no attention binarizer ${String(id)}`);
  return found;
}
