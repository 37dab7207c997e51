/**
 * What an attention binarizer is: a head's map in, its binarized map out, by itself and without training.
 *
 * A binarizer works on rows, because some need more of a row than one number (its maximum), or something that is no map at all
 * (q and k). Float64 throughout; the scalar record beside each is its forward and surrogate derivative on one number.
 */
import { meanMagnitude } from '@/lib/math/mean-magnitude';
import { at, matrixRow, type NumberRow } from '@/lib/math/number-row';
import { quantile } from '@/lib/math/quantile';
import type { BinarizerId } from '@/lib/quantizers/binarizer-list';
import type { Quantized, Quantizer } from '@/lib/quantizers/quantizer';
import type { tf } from '@/lib/tf';

/** Where a binarizer's parameters come from when it is used without training. */
export type BinarizerFit = 'official' | 'least-squares';

/** A binarizer as it describes itself. */
export interface BinarizerRecord {
  readonly id: BinarizerId;
  readonly name: string;
  readonly bits: number;
  readonly equation: string; // LaTeX
  readonly source: string;
}

/** One head of one image. */
export interface AttentionHead {
  /** N */
  readonly tokens: number;
  /** Before the softmax, scaled by 1/sqrt(D). */
  readonly scores: NumberRow; // [N, N]
  readonly attention: NumberRow; // [N, N]
  /** As they enter their quantizers, or the product where there is none. */
  readonly q: NumberRow; // [N, D]
  readonly k: NumberRow; // [N, D]
}

export interface BinarizedHead {
  readonly values: Float64Array; // [N, N]
  /** LaTeX symbol and value; those of the head. */
  readonly parameters: readonly { readonly symbol: string; readonly value: number }[];
  /** Share of a row's entries that the surrogate derivative lets through; see `passNote` for which entries. */
  readonly passShare: (row: number) => number;
}

export interface AttentionBinarizer extends BinarizerRecord {
  /** How many values an entry can take; `null` where the map stays real-valued. */
  readonly levels: number | null;
  /** Where the pass share is not counted on the softmaxed map itself; `null` where it is. */
  readonly passNote: string | null;
  /**
   * @throws RangeError when the head is misshapen, not finite, has a negative attention, or no attention at all (a scale of 0)
   */
  readonly binarize: (head: AttentionHead, fit: BinarizerFit) => BinarizedHead;
  /** How a model uses it; `null` for those that are activations like any other: `models/layers/activation.ts`. */
  readonly inModel: BinarizerInModel | null;
}

/** A number for each head, by name: `a1`. */
export type HeadScales<Numbers> = { readonly [name: string]: Numbers };

/** A binarizer inside a model, all heads at once. */
export interface BinarizerInModel {
  /** Constants from the values that come in; nothing is trained. @param p [B, H, N, M] */
  readonly fit: (p: tf.Tensor4D) => HeadScales<Float32Array>; // [H] each
  /** Where every scale is 1. */
  readonly unit: (heads: number) => HeadScales<Float32Array>; // [H] each
  /** Forward and gradient. @param attention [B, H, N, M], softmaxed @param scores [B, H, N, M] */
  readonly apply: (attention: tf.Tensor4D, scores: tf.Tensor4D, scales: HeadScales<tf.Tensor1D>) => Quantized;
  /** How it looks over one head. @param scales the model's of this head; `null`: as without training */
  readonly sketch: (head: AttentionHead, scales: HeadScales<number> | null) => HeadSketch;
}

/** One head's quantizer as a curve, over what it reads. */
export interface HeadSketch {
  readonly reads: 'attention' | 'scores';
  readonly forward: (x: number) => number;
  readonly surrogate: (x: number) => number;
  readonly shown: readonly { readonly symbol: string; readonly value: number }[];
  /** Where its steps and its window end: what a plot should reach. */
  readonly marks: readonly number[];
  /** Where the one curve that is drawn is not the one each entry meets; left out: counted on the curve. */
  readonly insideShare?: number;
}

/** Of a binarizer without scales. */
export const WITHOUT_SCALES = { fit: () => ({}), unit: () => ({}) } as const;

/** One curve for all entries. */
export function sketchOf<Parameters>(
  { forward, surrogate }: Quantizer<Parameters>,
  parameters: Parameters,
  { reads = 'attention', shown = [], marks, ...rest }: Partial<HeadSketch> & Pick<HeadSketch, 'marks'>,
): HeadSketch {
  return {
    reads,
    shown,
    marks,
    ...rest,
    forward: (x) => forward(x, parameters),
    surrogate: (x) => surrogate(x, parameters),
  };
}

/** The median over the rows of their largest entry: the row whose curve stands for all. */
export function medianLargest(map: NumberRow, tokens: number): number {
  return (
    quantile(
      Array.from({ length: tokens }, (_, i) => largestOf(matrixRow(map, tokens, i))),
      0.5,
    ) ?? NaN
  );
}

/** An attention binarizer that looks at one number at a time, once it knows its row. */
export interface EntrywiseBinarizer {
  /** The map that it reads. */
  readonly input: NumberRow; // [N, N]
  readonly tokens: number;
  readonly parameters: BinarizedHead['parameters'];
  /** Forward and surrogate derivative for the entries of one row. */
  readonly ofRow: (row: NumberRow) => {
    readonly forward: (x: number) => number;
    readonly surrogate: (x: number) => number;
  };
}

/** What a binarizer says of itself, where its scalar form says it already. */
export function recordOf<Parameters>({ name, bits, equation, source }: Quantizer<Parameters>) {
  return { name, bits, equation, source };
}

/** A quantizer with its parameters, as the entries of a row take it. */
export function withParameters<Parameters>(
  { forward, surrogate }: Quantizer<Parameters>,
  parameters: Parameters,
): ReturnType<EntrywiseBinarizer['ofRow']> {
  return { forward: (x) => forward(x, parameters), surrogate: (x) => surrogate(x, parameters) };
}

/** Applies it to every entry; O(N^2). */
export function binarizeEntries({ input, tokens, parameters, ofRow }: EntrywiseBinarizer): BinarizedHead {
  const values = new Float64Array(tokens * tokens);
  for (let i = 0; i < tokens; i++) {
    const row = matrixRow(input, tokens, i);
    const { forward } = ofRow(row);
    for (let j = 0; j < tokens; j++) values[i * tokens + j] = forward(at(row, j));
  }
  return { values, parameters, passShare: passShareOf(input, tokens, ofRow) };
}

/** Share of a row's entries where the surrogate derivative is not 0. */
export function passShareOf(
  input: NumberRow,
  tokens: number,
  ofRow: (row: NumberRow) => { readonly surrogate: (x: number) => number },
): BinarizedHead['passShare'] {
  return (i) => {
    const row = matrixRow(input, tokens, i);
    const { surrogate } = ofRow(row);
    let passed = 0;
    for (const x of row) if (surrogate(x) !== 0) passed++;
    return passed / tokens;
  };
}

/** @throws RangeError as `AttentionBinarizer.binarize` */
export function requireHead({ tokens, scores, attention, q, k }: AttentionHead): void {
  const isShaped = scores.length === tokens ** 2 && attention.length === tokens ** 2;
  const isProjected = q.length === k.length && q.length > 0 && q.length % tokens === 0;
  if (!(tokens > 0 && isShaped && isProjected)) {
    const shapes = `${scores.length} scores, ${attention.length} attentions, ${q.length} and ${k.length} values of q and k`;
    throw new RangeError(`a head of ${tokens} tokens cannot have ${shapes}`);
  }
  for (const side of [scores, attention, q, k]) {
    for (const value of side) if (!Number.isFinite(value)) throw new RangeError(`a head that holds ${value}`);
  }
  let sum = 0;
  for (const p of attention) {
    if (p < 0) throw new RangeError(`a softmaxed attention of ${p}`);
    sum += p;
  }
  if (sum === 0) throw new RangeError('a head without any attention gives no scale');
}

/** 2 mean |x|: where the released code of Bi-ViT lets alpha start (FACTS 3 of the project); not negative. */
export function officialAlpha(map: NumberRow): number {
  return 2 * meanMagnitude(map);
}

export function largestOf(row: NumberRow): number {
  let largest = -Infinity;
  for (const x of row) if (x > largest) largest = x;
  return largest;
}
