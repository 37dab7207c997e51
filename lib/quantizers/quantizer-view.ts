/** One quantizer as charts show it: its own record, its sampled curve, and what comes into it. Plain data. */

export type QuantizerPlace =
  | 'linear-input'
  | 'weight'
  | 'q'
  | 'k'
  | 'v'
  | 'attention' /** Not in these models: shown for comparison. */
  | 'elsewhere';

export interface QuantizerView {
  /** Unique in a study: `q`, `elastic`, ... */
  readonly id: string;
  readonly place: QuantizerPlace;
  readonly name: string;
  readonly bits: number;
  readonly equation: string; // LaTeX
  readonly source: string;
  readonly parameters: readonly { readonly symbol: string; readonly value: number }[];
  /** Sampled from the quantizer's own record, over the range that its inputs take. */
  readonly curve: { readonly x: Float32Array; readonly forward: Float32Array; readonly surrogate: Float32Array };
  /** What it quantizes, before it does; `null` with `whyNoInputs` where that is not at hand. */
  readonly inputs: {
    readonly counts: readonly number[];
    readonly edges: readonly number[];
    /** What is counted: `q of layer 1, head 3, this picture`. */
    readonly what: string;
    /** Values beyond the plotted range. */
    readonly outside: number;
    /** Share of inputs where the surrogate derivative is not 0. */
    readonly insideShare: number | null;
    readonly total: number;
  } | null;
  readonly whyNoInputs: string | null;
}
