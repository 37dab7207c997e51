/** What every architecture is to those who run it: weights in, three parts that run one by one, or all of them in a row. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import type { AttentionLayout } from '@/lib/math/attention-layout';
import { tf } from '@/lib/tf';
import { type ModelConfig } from '@/models/config';
import { QUANTIZATIONS } from '@/models/quantization';
import type { Quantization } from '@/models/quantization';
import { readDeit, type DeitLayers } from '@/models/deit';
import type { AttentionQuantizers } from '@/models/layers/attention';
import { Packing, type PackedModel, type PackedUnavailableError } from '@/models/packed';
import { ParameterReader, type IgnoredKey } from '@/models/parameter-reader';
import { SILENT, within, type Recorder } from '@/models/recorder';
import { readSwin, type SwinLayers } from '@/models/swin';

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

/** What an architecture brings; its functions may leave tensors behind, which `createModel` tidies away. */
export interface Parts {
  /** The parameters that its functions compute with, for those who compute otherwise (`packed.ts`). */
  readonly layers: DeitLayers | SwinLayers;
  /** [B, channels, size, size], normalized -> [B, N, C]; records `tokens`. */
  readonly embed: (images: tf.Tensor4D, recorder: Recorder) => tf.Tensor3D;
  readonly blocks: readonly Block[];
  /** [B, N, C] -> [B, numClasses]; records `norm` and `logits`. */
  readonly classify: (tokens: tf.Tensor3D, recorder: Recorder) => tf.Tensor2D;
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

/**
 * Puts a checkpoint's tensors into the model that the configuration describes.
 *
 * @param quantization the one that the checkpoint was trained with, unless a full-precision one is quantized after training
 * @param ofLayer that of each block that attends, counted from 0, where not all are alike
 * @throws MissingTensorsError that names all that are missing, when nothing else is wrong
 * @throws CheckpointError when a tensor is unexpected, misshapen or not finite
 */
export function createModel(
  config: ModelConfig,
  tensors: ReadonlyMap<string, CheckpointTensor>,
  quantization: Quantization = QUANTIZATIONS[config.quantization],
  ofLayer: QuantizationOfLayer = () => quantization,
): Model {
  const reader = ParameterReader.of(tensors);
  try {
    const parts = tidied(readParts(reader, config, quantization, ofLayer), config);
    const packing = new Packing();
    const model: Model = {
      ...parts,
      ...reader.finish(),
      config,
      quantization,
      forward: inARow(parts),
      packed: () => packing.of(model),
      dispose: () => {
        packing.dispose();
        reader.dispose();
      },
    };
    return model;
  } catch (error) {
    reader.dispose();
    throw error;
  }
}

function readParts(
  reader: ParameterReader,
  config: ModelConfig,
  quantization: Quantization,
  ofLayer: QuantizationOfLayer,
): Parts {
  switch (config.architecture) {
    case 'deit':
      return readDeit(reader, config, ofLayer);
    case 'swin':
      return readSwin(reader, config, quantization, ofLayer);
  }
}

/** Each part leaves nothing behind but its result and what the recorder keeps; blocks name their stages in full. */
function tidied({ layers, embed, blocks, classify }: Parts, config: ModelConfig): Parts {
  return {
    layers,
    embed: (images, recorder) => {
      checkImages(images, config);
      return tf.tidy(() => embed(images, recorder));
    },
    blocks: blocks.map(({ name, run, quantizers, attention }) => ({
      name,
      quantizers,
      attention,
      run: (tokens, recorder) => tf.tidy(() => run(tokens, within(name, recorder))),
    })),
    classify: (tokens, recorder) => tf.tidy(() => classify(tokens, recorder)),
  };
}

function inARow({ embed, blocks, classify }: Parts): Model['forward'] {
  return (images, recorder = SILENT) =>
    tf.tidy(() => {
      const tokens = blocks.reduce((x, block) => block.run(x, recorder), embed(images, recorder)); // [B, N, C]
      return classify(tokens, recorder); // [B, numClasses]
    });
}

/** @throws RangeError for an image that is not of the model's size, [channels, size, size] */
export function requireImage(image: Float32Array, { inChannels, imageSize }: ModelConfig): void {
  const values = inChannels * imageSize ** 2;
  if (image.length !== values)
    throw new RangeError(`The model takes images of ${values} values; this one has ${image.length}.`);
}

function checkImages(images: tf.Tensor4D, { inChannels, imageSize }: ModelConfig): void {
  const [, channels, height, width] = images.shape;
  if (channels === inChannels && height === imageSize && width === imageSize) return;
  const wanted = `[B, ${inChannels}, ${imageSize}, ${imageSize}]`;
  throw new Error(`The model takes images of shape ${wanted}; these are [${images.shape.join(', ')}].`);
}
