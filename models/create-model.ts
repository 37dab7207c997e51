/** A model out of a checkpoint's tensors. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { tf } from '@/lib/tf';
import { implementationOf } from '@/models/architectures/implementations';
import type { ModelConfig } from '@/models/config';
import type { Model, Parts, QuantizationOfLayer } from '@/models/model';
import { Packing } from '@/models/packed';
import { ParameterReader } from '@/models/parameter-reader';
import { QUANTIZATIONS, type Quantization } from '@/models/quantization';
import { SILENT, within } from '@/models/recorder';

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
    const parts = tidied(implementationOf(config).read(reader, config, quantization, ofLayer), config);
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

/** Each part leaves nothing behind but its result and what the recorder keeps; blocks name their stages in full. */
function tidied({ packedSpec, embed, blocks, classify }: Parts, config: ModelConfig): Parts {
  return {
    packedSpec,
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

function checkImages(images: tf.Tensor4D, { inChannels, imageSize }: ModelConfig): void {
  const [, channels, height, width] = images.shape;
  if (channels === inChannels && height === imageSize && width === imageSize) return;
  const wanted = `[B, ${inChannels}, ${imageSize}, ${imageSize}]`;
  throw new Error(`The model takes images of shape ${wanted}; these are [${images.shape.join(', ')}].`);
}
