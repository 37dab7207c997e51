/** What a quantizer is: its forward, its pseudo-gradient, its bits, and where both come from. */
import { tf } from '@/lib/tf';

/**
 * A quantizer on one number, in float64: for curves, tables and as the reference of the tensor code beside it.
 *
 * @typeParam Parameters what the forward needs besides x, for instance `{ alpha }`
 */
export interface Quantizer<Parameters> {
  readonly name: string;
  /** Bits that one quantized value takes. */
  readonly bits: number;
  /** LaTeX. */
  readonly equation: string;
  /** Where the definition comes from, with its identifier. */
  readonly source: string;
  readonly forward: (x: number, parameters: Parameters) => number;
  /** What the backward pass uses for d forward / dx. */
  readonly surrogate: (x: number, parameters: Parameters) => number;
}

/** An activation after its quantizer: value = scale * levels. */
export interface Quantized {
  /** Dequantized; the gradient flows through this one. */
  readonly value: tf.Tensor4D; // [B, H, N, D]
  /** Small integers held as float32, so that their sums are exact, with a scale for each head (or row, or column); `null` where the activation stayed real-valued. */
  readonly levels: { readonly integers: tf.Tensor4D; readonly scale: tf.Tensor4D } | null; // [B, H, N, D], [1, H, 1, 1]
}

/** A parameter for each head, shaped to meet an activation. */
export function perHead(parameter: tf.Tensor1D): tf.Tensor4D {
  return tf.reshape(parameter, [1, -1, 1, 1]); // [1, H, 1, 1]
}

/** Of levels that are the value itself. */
export function unitScale(): tf.Tensor4D {
  return tf.ones([1, 1, 1, 1]);
}

/** An activation-shaped gradient -> that of a parameter for each head: the sum, divided by sqrt(number of elements). */
export function perHeadGradient(elementwise: tf.Tensor): tf.Tensor1D {
  return tf.div(tf.sum(elementwise, [0, 2, 3]), Math.sqrt(elementwise.size)); // [H]
}
