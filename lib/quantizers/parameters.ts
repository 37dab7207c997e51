/** The quantizers of an attention as plain data: in a trace, and for a model binarized on the spot. */
import type { BinarizerId } from '@/lib/quantizers/attention/records';

/** What sign(0) is: 0 is the official third level; +1 is what a bit and XNOR can hold. */
export type SignOfZero = 0 | 1;

interface SignAlpha {
  readonly kind: 'sign-alpha';
  readonly alpha: Float32Array; // [H]
  /** Real-valued; the quantizer rounds it. */
  readonly zeroPoint: Float32Array | null; // [H]
  readonly signOfZero: SignOfZero;
}

interface Elastic {
  readonly kind: 'elastic';
  readonly alpha: Float32Array; // [H]
}

/** Of q, k or v; per head. */
export type ActivationParameters =
  | { readonly kind: 'real' }
  | SignAlpha
  | Elastic
  /** mu sign(x), with mu = mean|x| of each head of each picture (and window). The window is |x| <= 1. */
  | { readonly kind: 'q-k-only' };

/** Binarizers of attention maps alone, and of no other activation. */
export type MapBinarizerId = Exclude<BinarizerId, ActivationParameters['kind']>;

/** Of the softmaxed attention; per head. */
export type AttentionParameters =
  | { readonly kind: 'real' }
  | SignAlpha
  | Elastic
  | { readonly kind: MapBinarizerId; readonly scales: { readonly [name: string]: Float32Array } }; // [H] each

export type QuantizerParameters = ActivationParameters | AttentionParameters;

export interface LayerQuantizers {
  readonly q: ActivationParameters;
  readonly k: ActivationParameters;
  readonly v: ActivationParameters;
  readonly attention: AttentionParameters;
}

/** Nothing is quantized. */
export const REAL_QUANTIZERS: LayerQuantizers = {
  q: { kind: 'real' },
  k: { kind: 'real' },
  v: { kind: 'real' },
  attention: { kind: 'real' },
};
