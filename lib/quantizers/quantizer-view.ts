/** One quantizer as charts show it: its record, its sampled curve, and its inputs. Plain data. */

export type QuantizerSlot =
  | 'linear-input'
  | 'weight'
  | 'q'
  | 'k'
  | 'v'
  | 'attention'
  /** Not in these models, for comparison. */
  | 'elsewhere';

export interface QuantizerView {
  /** Unique in a result: `q`, `elastic`, ... */
  readonly id: string;
  readonly slot: QuantizerSlot;
  readonly name: string;
  readonly bits: number;
  readonly equation: string; // LaTeX
  readonly source: string;
  readonly parameters: readonly { readonly symbol: string; readonly value: number }[];
  /** Over the range of its inputs. */
  readonly curve: { readonly x: Float32Array; readonly forward: Float32Array; readonly surrogate: Float32Array };
  /** What it quantizes; `null` with `whyNoInputs` where that is unknown. */
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
