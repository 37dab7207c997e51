/** A model of any architecture: embedding, blocks and classifier, which run one by one or in a row. */
import type { ForwardSpec } from '@/lib/kernels/forward/spec';
import type { AttentionLayout } from '@/lib/math/attention-layout';
import type { tf } from '@/lib/tf';
import type { ModelConfig } from '@/models/architectures/configs';
import type { AttentionQuantizers } from '@/models/layers/attention';
import type { PackedModel, PackedUnavailableError } from '@/models/packed-model';
import type { IgnoredKey } from '@/models/parameter-reader';
import type { Quantization } from '@/models/quantization';
import type { Recorder } from '@/models/recorder';

/** A part of a model that maps tokens to tokens. */
export interface Block {
  /** Prefix of its checkpoint keys and of its stages: `blocks.0`. */
  readonly name: string;
  /** [B, N, C] -> [B, N, C]; the last stage it records is `output`. */
  readonly run: (tokens: tf.Tensor3D, recorder: Recorder) => tf.Tensor3D;
  /** `null` for a part without attention, such as patch merging; and so is `attention`. */
  readonly quantizers: AttentionQuantizers | null;
  readonly attention: AttentionShape | null;
}

/** The quantization of each block with attention, counted from 0. */
export type QuantizationOfLayer = (layer: number) => Quantization;

export interface AttentionShape {
  /** H */
  readonly heads: number;
  readonly layout: AttentionLayout;
}

/** A block with attention: a layer, on the page. */
export type AttentionBlock = Block & {
  readonly quantizers: AttentionQuantizers;
  readonly attention: AttentionShape;
};

/** The blocks with attention, in order. */
export function attentionBlocks(blocks: readonly Block[]): readonly AttentionBlock[] {
  return blocks.filter((block): block is AttentionBlock => block.quantizers !== null && block.attention !== null);
}

/** Of an architecture. Its functions may leave tensors behind; `createModel` disposes them. */
export interface Parts {
  /** [B, channels, size, size], normalized -> [B, N, C]; records `tokens`. */
  readonly embed: (images: tf.Tensor4D, recorder: Recorder) => tf.Tensor3D;
  readonly blocks: readonly Block[];
  /** [B, N, C] -> [B, numClasses]; records `norm` and `logits`. */
  readonly classify: (tokens: tf.Tensor3D, recorder: Recorder) => tf.Tensor2D;
  /** The parameters for the packed kernels. @throws PackedUnavailableError */
  readonly packedSpec: () => ForwardSpec;
}

export interface Model extends Parts {
  readonly config: ModelConfig;
  /** The configuration's, or one applied after training. */
  readonly quantization: Quantization;
  /** Tensors that have gradients, by their keys in the checkpoint. */
  readonly parameters: ReadonlyMap<string, tf.Tensor>;
  /** Keys of the checkpoint that the forward does not use. */
  readonly ignored: readonly IgnoredKey[];
  /** embed, every block, classify. @throws Error when the images are not of the configured size */
  readonly forward: (images: tf.Tensor4D, recorder?: Recorder) => tf.Tensor2D;
  /** The model on the packed kernels, created on first use; or why they cannot run it. */
  readonly packed: () => PackedModel | PackedUnavailableError;
  readonly dispose: () => void;
}

/** @throws RangeError unless the image is [channels, size, size] */
export function requireImage(image: Float32Array, { inChannels, imageSize }: ModelConfig): void {
  const values = inChannels * imageSize ** 2;
  if (image.length !== values)
    throw new RangeError(`The model takes images of ${values} values; this one has ${image.length}.`);
}
