/** A model from a checkpoint's tensors. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { tf } from '@/lib/tf';
import { implementationOf } from '@/models/architectures/implementations';
import type { ModelConfig } from '@/models/architectures/configs';
import { requireImages } from '@/models/image-batch';
import type { Model, Parts, QuantizationOfLayer } from '@/models/model';
import { Packing } from '@/models/packed';
import { ParameterReader } from '@/models/parameter-reader';
import { QUANTIZATIONS, type Quantization } from '@/models/quantization';
import { SILENT, within } from '@/models/recorder';

/**
 * @param quantization the one that the checkpoint was trained with, or one to apply to a full-precision checkpoint
 * @param ofLayer that of each block with attention, counted from 0, where they differ
 * @throws MissingTensorsError when tensors are missing and nothing else is wrong
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

/** Disposes all tensors but the results and what the recorder keeps, and prefixes each block's stages with its name. */
function tidied({ packedSpec, embed, blocks, classify }: Parts, config: ModelConfig): Parts {
  return {
    packedSpec,
    embed: (images, recorder) => {
      requireImages(images, config);
      return tf.tidy(() => embed(images, recorder));
    },
    blocks: blocks.map((block) => ({
      ...block,
      run: (tokens, recorder) => tf.tidy(() => block.run(tokens, within(block.name, recorder))),
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
