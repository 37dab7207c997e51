/** Where a binarizer's parameters come from when it is used without training. */
export type BinarizerFit = 'official' | 'least-squares';

/** What the page says about an attention binarizer; its code is `binarizer.ts` in the same folder. */
export interface BinarizerRecord<Id extends string = string> {
  /** As an address has it: letters and hyphens. */
  readonly id: Id;
  readonly name: string;
  /** For a chart's row. */
  readonly short: string;
  /** In a menu, with the method it comes from. */
  readonly menu: string;
  /** In a sentence about a model: `the attention by elastic binarization`. */
  readonly phrase: string;
  readonly bits: number;
  /** LaTeX: forward, `\qquad`, surrogate derivative. */
  readonly equation: string;
  readonly source: string;
  /** The largest level where levels are whole numbers (switches, counts) and not shares of attention. */
  readonly wholeLevels: number | null;
  /** Where the pass share is not counted on the softmaxed map itself; `null` where it is. */
  readonly passNote: string | null;
  /** Where its parameters come from, by the chosen fit; `null`: it has none. */
  readonly origin: { readonly [Fit in BinarizerFit]: string } | null;
  /** Of `q and k` the attention stays real-valued, and nothing is calibrated. */
  readonly binarizes: 'attention' | 'q and k';
}

export const FIT_NAMES = { official: 'official start', 'least-squares': 'least squares' } as const;

/** What most of them have. */
const DEFAULTS = { wholeLevels: null, passNote: null, origin: null, binarizes: 'attention' } as const;

type Optional = keyof typeof DEFAULTS;

/** Keeps the id's literal type. */
export function defineBinarizer<const Id extends string>(
  record: Omit<BinarizerRecord<Id>, Optional> & Partial<Pick<BinarizerRecord, Optional>>,
): BinarizerRecord<Id> {
  return { ...DEFAULTS, ...record };
}
