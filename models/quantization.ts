/** How a model's numbers are quantized, part by part: plain data. Full precision and binary models differ by this alone. */
import type { LayerQuantizers, SignOfZero } from '@/lib/quantizers/parameters';

export const QUANTIZATION_NAMES = ['none', 'bi-vit', 'bi-vit-elastic'] as const;
export type QuantizationName = (typeof QUANTIZATION_NAMES)[number];

/** Whole bits of a uniform quantizer. */
export type UniformBits = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Of the weights and inputs of a block's linears. */
export type LinearQuantization =
  /** y = sign(x) . (s (*) sign(W))^T without bias; d sign(x) is the Bi-Real surrogate. */
  | { readonly kind: 'binary'; readonly surrogate: 'bi-real'; readonly signOfZero: SignOfZero }
  /** After training: a scale for each output row and for each token. `null`: real-valued. */
  | { readonly kind: 'uniform'; readonly weightBits: UniformBits | null; readonly inputBits: UniformBits | null };

/** Of one activation. The trained ones have an alpha (and a zero point) for each head in the checkpoint. */
export type ActivationQuantization =
  /** alpha * (sign(clamp(x / alpha + round(z), -1, 1)) - round(z)); without zero point z = 0. */
  | { readonly kind: 'sign-alpha'; readonly zeroPoint: boolean; readonly signOfZero: SignOfZero }
  /** alpha * round(clip(x / alpha, 0, 1)), half to even. */
  | { readonly kind: 'elastic' }
  /** After training, for signed values: symmetric, a scale for each vector that a product sums over. */
  | { readonly kind: 'uniform'; readonly bits: UniformBits }
  /** After training, for the softmaxed attention: from 0 to each row's maximum. */
  | { readonly kind: 'unsigned'; readonly bits: Exclude<UniformBits, 1> }
  /** After training, for the softmaxed attention: elastic, alpha fitted to each head's values. */
  | { readonly kind: 'fitted-elastic'; readonly fit: 'mean' | 'least-squares' };

export interface Quantization {
  /** A name in a checkpoint, or 'post-training': applied here to a full-precision checkpoint. */
  readonly name: QuantizationName | 'post-training';
  /** `null`: real-valued linears with bias. */
  readonly linear: LinearQuantization | null;
  /** LayerNorm(head size) on q and k before their quantizers (`attn.norm_q`, `attn.norm_k`). */
  readonly qkNorm: boolean;
  /** For q, k and v; `null`: real-valued. */
  readonly qkv: ActivationQuantization | null;
  /** For the softmaxed attention; `null`: real-valued. */
  readonly attention: ActivationQuantization | null;
  /** Quantizers with their parameters, which then replace `qkv` and `attention`. */
  readonly given: LayerQuantizers | null;
  /** GELU is clipped to [-geluClip, geluClip]; `null`: not clipped. */
  readonly geluClip: number | null;
}

export const QUANTIZATIONS: { readonly [Name in QuantizationName]: Quantization } = {
  none: { name: 'none', linear: null, qkNorm: false, qkv: null, attention: null, given: null, geluClip: null },
  /** The official Bi-ViT semantics: three-level sign, zero points (FACTS 3). */
  'bi-vit': {
    name: 'bi-vit',
    linear: { kind: 'binary', surrogate: 'bi-real', signOfZero: 0 },
    qkNorm: true,
    qkv: { kind: 'sign-alpha', zeroPoint: true, signOfZero: 0 },
    attention: { kind: 'sign-alpha', zeroPoint: true, signOfZero: 0 },
    given: null,
    geluClip: 10,
  },
  /** Our own students: q(0) = +1, no zero points, elastic attention (FACTS 5). */
  'bi-vit-elastic': {
    name: 'bi-vit-elastic',
    linear: { kind: 'binary', surrogate: 'bi-real', signOfZero: 1 },
    qkNorm: true,
    qkv: { kind: 'sign-alpha', zeroPoint: false, signOfZero: 1 },
    attention: { kind: 'elastic' },
    given: null,
    geluClip: 10,
  },
};
