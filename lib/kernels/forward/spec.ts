/**
 * A binarized model as plain numbers, in the order in which the compiled kernels run it.
 *
 * Signs have q(0) = +1; an activation's alpha is positive. What the float path does between two products of bits is either listed here
 * (norms) or folded into limits: the sign of a monotonic function of a sum n is a comparison of n.
 */
export interface NormSpec {
  readonly weight: Float32Array; // [C]
  readonly bias: Float32Array; // [C]
  readonly eps: number;
}

/** Signs of weights, +1 or -1. */
export interface SignWeights {
  readonly signs: Float32Array; // [O, I]
  readonly outputs: number;
  /** I, at most 32767. */
  readonly depth: number;
}

/** y_o = s_o n_o */
export interface ScaledLinear extends SignWeights {
  readonly scale: Float32Array; // [O]
}

/** One bit per output: n_o >= from_o or n_o <= upTo_o. */
export interface SignLinear extends SignWeights {
  readonly from: Int16Array; // [O]
  readonly upTo: Int16Array; // [O]
}

/** Signs of q or k, with or without a LayerNorm over the head before them. */
export type HeadLinear =
  | {
      readonly kind: 'normed';
      readonly linear: ScaledLinear;
      readonly norm: NormSpec; // [D]
      /** A bit is norm(x) >= from_h. */
      readonly from: Float32Array; // [H]
    }
  | { readonly kind: 'plain'; readonly linear: SignLinear };

export interface AttentionSpec {
  readonly heads: number;
  /** D, at most 224. */
  readonly size: number;
  /** Tokens that attend to each other: the whole image, or one window. */
  readonly tokens: number;
  /** Windows of an image; 1 without windows. */
  readonly windows: number;
  /** The image's token in each row, window by window; `null`: unchanged order. */
  readonly order: Int32Array | null; // [windows * tokens]
  readonly q: HeadLinear;
  readonly k: HeadLinear;
  readonly v: SignLinear;
  /** Of q . k: alpha_q alpha_k. */
  readonly scale: Float32Array; // [H]
  readonly alphaQ: Float32Array; // [H]
  readonly alphaK: Float32Array; // [H]
  readonly alphaV: Float32Array; // [H]
  /** Of the elastic binarizer. */
  readonly alpha: Float32Array; // [H]
  /** Added to the scores; `null`: nothing. */
  readonly bias: Float32Array | null; // [1 or windows, H, tokens, tokens]
  readonly proj: ScaledLinear;
}

/** x += proj(attention(norm1(x)));  x += fc2(GELU(fc1(norm2(x)))) */
export interface BlockSpec {
  readonly kind: 'block';
  readonly name: string;
  readonly norm1: NormSpec;
  readonly attention: AttentionSpec;
  readonly norm2: NormSpec;
  readonly fc1: SignLinear;
  readonly fc2: ScaledLinear;
}

/** Four neighbours become one token: y_o = s_o sum_i alpha_i sign(norm(x)_i) sign(w_oi), a product of real numbers. */
export interface MergeSpec {
  readonly kind: 'merge';
  readonly name: string;
  /** Four input tokens for each output token. */
  readonly order: Int32Array; // [4 * M]
  readonly norm: NormSpec; // [4C]
  readonly alpha: Float32Array; // [4C]
  readonly weight: SignWeights; // [2C, 4C]
  readonly scale: Float32Array; // [2C]
}

export interface EmbedSpec {
  readonly channels: number;
  readonly imageSize: number;
  readonly patchSize: number;
  readonly weight: Float32Array; // [C, channels * patch^2]
  readonly bias: Float32Array; // [C]
  /** Class tokens with their positions. */
  readonly first: Float32Array; // [T, C]
  /** Of the patches; `null`: none. */
  readonly positions: Float32Array | null; // [patches, C]
  readonly norm: NormSpec | null;
}

/** One head on the mean of all tokens (`pooled`), or the mean of several heads, each on its own class token. */
export interface ClassifySpec {
  readonly norm: NormSpec;
  readonly pooled: boolean;
  readonly heads: readonly { readonly weight: Float32Array; readonly bias: Float32Array }[]; // [classes, C], [classes]
  readonly classes: number;
}

export interface ForwardSpec {
  readonly embed: EmbedSpec;
  readonly parts: readonly (BlockSpec | MergeSpec)[];
  readonly classify: ClassifySpec;
}
