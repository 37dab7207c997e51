/** One image through one model, as plain typed arrays. */
import { layoutRows, type AttentionLayout } from '@/lib/math/attention-layout';
import type { LayerQuantizers } from '@/lib/quantizers/parameters';
import type { ModelConfig } from '@/models/architectures/configs';

/**
 * One attention layer; row-major, of one image.
 *
 * N queries (rows) by M keys (columns) for each head. `layout` says which tokens these are: all by all, or with windows the rows window
 * by window and M the tokens of one. q, k and v are in the order of the rows.
 */
export interface LayerTrace {
  /** H */
  readonly heads: number;
  readonly layout: AttentionLayout;
  /** q, k and v as they enter their quantizers, after their norms; `null` in a trace without gradients. */
  readonly q: Float32Array | null; // [H, N, D]
  readonly k: Float32Array | null; // [H, N, D]
  readonly v: Float32Array | null; // [H, N, D]
  /** With their parameters; `null` in a trace without gradients, or after post-training quantization. */
  readonly quantizers: LayerQuantizers | null;
  /** q, k and v after their quantizers, dequantized; `null` in full precision. */
  readonly qBinary: Float32Array | null; // [H, N, D]
  readonly kBinary: Float32Array | null; // [H, N, D]
  readonly vBinary: Float32Array | null; // [H, N, D]
  /**
   * Before the softmax, scaled by 1/sqrt(D). In a Swin with the position bias, and about -100 for pairs of tokens that only the shift
   * brought into one window.
   */
  readonly scores: Float32Array; // [H, N, M]
  readonly attention: Float32Array; // [H, N, M]
  /** After its quantizer, dequantized; `null` in full precision. */
  readonly attentionBinary: Float32Array | null; // [H, N, M]
  /** Of the whole block; tokens in their own order, not the rows'. */
  readonly output: Float32Array; // [N, C]
  /** dL/d(stage); `null` in a trace without gradients, or without that stage. */
  readonly gradScores: Float32Array | null; // [H, N, M]
  readonly gradAttention: Float32Array | null; // [H, N, M]
  readonly gradAttentionBinary: Float32Array | null; // [H, N, M]
  readonly gradQ: Float32Array | null; // [H, N, D]
  readonly gradK: Float32Array | null; // [H, N, D]
  readonly gradV: Float32Array | null; // [H, N, D]
}

/** What multiplies the values: the binarized attention, or the softmaxed one in a layer that leaves it real-valued. */
export function binarizedAttention({ attention, attentionBinary }: LayerTrace): Float32Array {
  return attentionBinary ?? attention; // [H, rows, keys]
}

/** The cross-entropy of the softmaxed logits against one class (nats), or that class's logit. */
export interface TraceLoss {
  readonly kind: 'cross-entropy' | 'logit';
  readonly classIndex: number;
  readonly value: number;
}

export interface Trace {
  readonly config: ModelConfig;
  /** N of the first layer: class tokens first, then patches row by row. */
  readonly numTokens: number;
  readonly logits: Float32Array; // [numClasses]
  /** One for each block with attention. */
  readonly layers: readonly LayerTrace[];
  /** `null` in a trace without gradients. */
  readonly loss: TraceLoss | null;
}

export interface TraceOptions {
  /** Also run backwards, at the cost of about two more forwards and twice the memory. */
  readonly gradients: boolean;
  /** 'cross-entropy' by default. */
  readonly loss?: TraceLoss['kind'];
  /** 'predicted': the class with the largest logit. */
  readonly lossClass: number | 'predicted';
  /** Without gradients: 'fastest', the default, is the packed kernels where they can run the model. */
  readonly path?: 'fastest' | 'float';
}

/** @throws RangeError for a model without attention */
export function tokensOfFirst([first]: readonly Pick<LayerTrace, 'layout'>[]): number {
  if (first === undefined) throw new RangeError('A model without attention has no trace.');
  return layoutRows(first.layout);
}

/** [windows, H, size] -> [H, windows, size]; the values themselves where there is one window. */
export function headsFirst(values: Float32Array, windows: number, heads: number): Float32Array {
  if (windows === 1) return values;
  const size = values.length / (windows * heads);
  const arranged = new Float32Array(values.length);
  for (let window = 0; window < windows; window++) {
    for (let head = 0; head < heads; head++) {
      const start = (window * heads + head) * size;
      arranged.set(values.subarray(start, start + size), (head * windows + window) * size);
    }
  }
  return arranged;
}
