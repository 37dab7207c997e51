/** The quantizers of an attention as plain data: what a trace says of them, and what a binarization on the spot asks for. */

import type { BinarizerId } from '@/lib/quantizers/binarizer-list';

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
  /** mu sign(x), with mu = mean|x| of each head of each picture (and window): `lib/quantizers/q-k-only`. The window is |x| <= 1. */
  | { readonly kind: 'q-k-only' };

/** Of the softmaxed attention; per head. */
export type AttentionParameters = { readonly kind: 'real' } | SignAlpha | Elastic | ListedParameters;

/** Of a binarizer with code of its own: `BinarizerInModel` says what its scales mean and where its gradient goes. */
export interface ListedParameters {
  readonly kind: ListedBinarizerId;
  readonly scales: { readonly [name: string]: Float32Array }; // [H] each
}

/** Without those that are activations like any other. */
export type ListedBinarizerId = Exclude<BinarizerId, 'sign-alpha' | 'elastic' | 'q-k-only'>;

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
