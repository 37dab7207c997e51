/** What every architecture is to those who run it: three parts that run one by one, or all of them in a row. */
import type { ForwardSpec } from '@/lib/kernels/forward/spec';
import type { AttentionLayout } from '@/lib/math/attention-layout';
import type { tf } from '@/lib/tf';
import type { ModelConfig } from '@/models/config';
import type { AttentionQuantizers } from '@/models/layers/attention';
import type { PackedModel, PackedUnavailableError } from '@/models/packed-model';
import type { IgnoredKey } from '@/models/parameter-reader';
import type { Quantization } from '@/models/quantization';
import type { Recorder } from '@/models/recorder';

/** A part of a model that maps tokens to tokens. */
export interface Block {
  /** Its prefix in the checkpoint and in the names of its stages: `blocks.0`. */
  readonly name: string;
  /** [B, N, C] -> [B, N, C]; the last stage it records is `output`. */
  readonly run: (tokens: tf.Tensor3D, recorder: Recorder) => tf.Tensor3D;
  /** Of its attention; `null` for a part without one: patch merging. */
  readonly quantizers: AttentionQuantizers | null;
  /** `null` for a part without one. */
  readonly attention: AttentionShape | null;
}

/** What each block that attends does to its numbers, counted from 0. */
export type QuantizationOfLayer = (layer: number) => Quantization;

/** What an attention is from outside. */
export interface AttentionShape {
  /** H */
  readonly heads: number;
  readonly layout: AttentionLayout;
}

/** A block that attends: what panels call a layer. */
export type AttentionBlock = Block & {
  readonly quantizers: AttentionQuantizers;
  readonly attention: AttentionShape;
};

/** The blocks that attend, in order; a Swin's patch merging is none. */
export function attentionBlocks(blocks: readonly Block[]): readonly AttentionBlock[] {
  return blocks.filter((block): block is AttentionBlock => block.quantizers !== null && block.attention !== null);
}

/** A forward in parts; its functions may leave tensors behind, which `createModel` tidies away. */
export interface ForwardParts {
  /** [B, channels, size, size], normalized -> [B, N, C]; records `tokens`. */
  readonly embed: (images: tf.Tensor4D, recorder: Recorder) => tf.Tensor3D;
  readonly blocks: readonly Block[];
  /** [B, N, C] -> [B, numClasses]; records `norm` and `logits`. */
  readonly classify: (tokens: tf.Tensor3D, recorder: Recorder) => tf.Tensor2D;
}

/** What an architecture brings. */
export interface Parts extends ForwardParts {
  /** The same parameters as numbers for the packed kernels. @throws PackedUnavailableError */
  readonly packedSpec: (quantization: Quantization) => ForwardSpec;
}

export interface Model extends Parts {
  readonly config: ModelConfig;
  /** What it does to its numbers: the configuration's, or one made after training. */
  readonly quantization: Quantization;
  /** What gradients can be taken with respect to, by its key in the checkpoint. */
  readonly parameters: ReadonlyMap<string, tf.Tensor>;
  /** Keys of the checkpoint that the forward does not use. */
  readonly ignored: readonly IgnoredKey[];
  /** embed, every block, classify. @throws Error when the images are not of the configured size */
  readonly forward: (images: tf.Tensor4D, recorder?: Recorder) => tf.Tensor2D;
  /** The same model on the packed kernels, made when it is first asked for; or why it does not run on them. */
  readonly packed: () => PackedModel | PackedUnavailableError;
  readonly dispose: () => void;
}

/** @throws RangeError for an image that is not of the model's size, [channels, size, size] */
export function requireImage(image: Float32Array, { inChannels, imageSize }: ModelConfig): void {
  const values = inChannels * imageSize ** 2;
  if (image.length !== values)
    throw new RangeError(`The model takes images of ${values} values; this one has ${image.length}.`);
}
