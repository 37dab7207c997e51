/** What a quantizer is: its forward, its surrogate derivative, its bits, and its source. */
import { tf } from '@/lib/tf';

/**
 * A quantizer on one number, in float64: for curves and tables, and as the reference of its tensor code.
 *
 * @typeParam Parameters what the forward needs besides x, for instance `{ alpha }`
 */
export interface Quantizer<Parameters> {
  readonly name: string;
  /** Bits that one quantized value takes. */
  readonly bits: number;
  /** LaTeX. */
  readonly equation: string;
  /** With its arXiv id. */
  readonly source: string;
  readonly forward: (x: number, parameters: Parameters) => number;
  /** What the backward pass uses for d forward / dx. */
  readonly surrogate: (x: number, parameters: Parameters) => number;
}

/** An activation after its quantizer: value = scale * levels. */
export interface Quantized {
  /** Dequantized; the gradient flows through this one. */
  readonly value: tf.Tensor4D; // [B, H, N, D]
  /** Small integers in float32, so that sums are exact, with a scale per head (or row, or column); `null` for a real-valued activation. */
  readonly levels: { readonly integers: tf.Tensor4D; readonly scale: tf.Tensor4D } | null; // [B, H, N, D], [1, H, 1, 1]
}

/** A parameter per head, to broadcast over an activation. */
export function perHead(parameter: tf.Tensor1D): tf.Tensor4D {
  return tf.reshape(parameter, [1, -1, 1, 1]); // [1, H, 1, 1]
}

/** For levels that are the values themselves. */
export function unitScale(): tf.Tensor4D {
  return tf.ones([1, 1, 1, 1]);
}

/** The gradient of a parameter per head from that of each element: the sum, divided by sqrt(number of elements). */
export function perHeadGradient(elementwise: tf.Tensor): tf.Tensor1D {
  return tf.div(tf.sum(elementwise, [0, 2, 3]), Math.sqrt(elementwise.size)); // [H]
}
