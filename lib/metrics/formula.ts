/**
 * What a metric says about itself, and how it shows its work.
 *
 * Every metric file exports its number, a `Formula` and, where a person can point at one row, an explanation with
 * the very values put in. The symbols are the same throughout: t is the full-precision teacher's row, s the student's,
 * N the number of keys.
 */

/** Where a definition comes from. A formula derived in this project is never shown as a paper's. */
export type FormulaSource =
  | { readonly kind: 'paper'; readonly citation: string; readonly arxiv: string }
  | { readonly kind: 'publication'; readonly citation: string; readonly doi: string }
  | { readonly kind: 'book'; readonly citation: string; readonly isbn: string }
  | { readonly kind: 'derived'; readonly note: string };

export interface Formula {
  readonly id: string;
  /** As a heading or an axis label. */
  readonly label: string;
  /** For a column or a chip. */
  readonly shortLabel: string;
  /** Smallest and largest possible value; `null` where there is no such bound. */
  readonly range: readonly [number | null, number | null];
  /** What one step of the number means: `share`, `bits`, `nats`, or a pure number. */
  readonly unit: 'share' | 'bits' | 'nats' | 'number';
  /** The definition, for KaTeX. */
  readonly latex: string;
  readonly source: FormulaSource;
  /**
   * Which end of the range is nearer to the teacher, for metrics of a pair; which end trains or distinguishes better, for
   * those of a single map.
   */
  readonly betterWhen: 'low' | 'high';
  /** When the result is `null`, as the end of a sentence that starts with "undefined ". */
  readonly undefinedWhen: string;
}

/** One symbol of the formula and what it is for the row at hand; `null` where that part is undefined. */
export interface ExplanationTerm {
  readonly symbol: string; // LaTeX
  readonly value: number | null;
}

/** A formula with its values put in, for the card that opens on hover. */
export interface Explanation {
  /** The substituted formula up to its result, for KaTeX. */
  readonly latex: string;
  readonly terms: readonly ExplanationTerm[];
  readonly result: number | null;
}

/** The address of a source, for a link; `null` for what this project derived itself and for books. */
export function sourceUrl({ source }: Formula): string | null {
  switch (source.kind) {
    case 'paper':
      return `https://arxiv.org/abs/${source.arxiv}`;
    case 'publication':
      return `https://doi.org/${source.doi}`;
    case 'book':
    case 'derived':
      return null;
    default:
      return source satisfies never;
  }
}
