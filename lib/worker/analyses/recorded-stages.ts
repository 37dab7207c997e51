/** What a model's blocks let out for a few images, without a whole trace: only the stages asked for, only as far as needed. */
import { matrixRow } from '@/lib/math/number-row';
import type { AttentionHead } from '@/lib/quantizers/attention-binarizer';
import { tf } from '@/lib/tf';
import { deitOnly, headSize, numTokens } from '@/models/config';
import type { Model } from '@/models/model';
import type { Recorder } from '@/models/recorder';

/** Stage, without the block's name: its values for all images in a row, [B, ...]. */
export type RecordedStages = ReadonlyMap<string, Float32Array>;

/**
 * Runs images through the embedding and the blocks up to `layer`, and reads stages of that block.
 *
 * @param images normalized, [channels * size * size] each
 * @param stages as the block names them: `q`, `scores`, `fc1_input`, ...
 * @throws RangeError for a layer that the model does not have, or a stage that its block does not record
 */
export async function recordStages(
  { config, embed, blocks }: Model,
  images: readonly Float32Array[],
  layer: number,
  stages: readonly string[],
): Promise<RecordedStages> {
  const last = blocks[layer];
  if (last === undefined) throw new RangeError(`layer ${layer} of a model of ${blocks.length}`);
  const kept = new Map<string, tf.Tensor>();
  const recorder: Recorder = {
    record(stage, tensor) {
      const name = stage.startsWith(`${last.name}.`) ? stage.slice(last.name.length + 1) : null;
      if (name !== null && stages.includes(name)) kept.set(name, tf.keep(tf.clone(tensor)));
      return tensor;
    },
  };
  try {
    const { inChannels, imageSize } = config;
    tf.tidy(() => {
      const shape: [number, number, number, number] = [images.length, inChannels, imageSize, imageSize];
      const input = tf.tensor4d(joined(images), shape);
      blocks.slice(0, layer + 1).reduce((tokens, block) => block.run(tokens, recorder), embed(input, recorder));
    });
    const read = new Map<string, Float32Array>();
    for (const stage of stages) {
      const tensor = kept.get(stage);
      if (tensor === undefined) throw new RangeError(`the block records no stage ${stage}`);
      read.set(stage, Float32Array.from(await tensor.data())); // a copy: the cpu backend hands out its memory
    }
    return read;
  } finally {
    tf.dispose([...kept.values()]);
  }
}

/** What an attention binarizer reads of a head. */
export const HEAD_STAGES = ['q', 'k', 'scores', 'attention'] as const;

/** One head of image `image` of the batch. @throws RangeError for a head that the model does not have */
export function headOf(recorded: RecordedStages, model: Model, image: number, head: number): AttentionHead {
  const config = deitOnly(model.config);
  if (!(Number.isInteger(head) && head >= 0 && head < config.numHeads)) {
    throw new RangeError(`head ${head} of ${config.numHeads}`);
  }
  const tokens = numTokens(config);
  const place = image * config.numHeads + head;
  const map = (stage: string) => matrixRow(stageOf(recorded, stage), tokens ** 2, place); // [N, N]
  const side = (stage: string) => matrixRow(stageOf(recorded, stage), tokens * headSize(config), place); // [N, D]
  return { tokens, scores: map('scores'), attention: map('attention'), q: side('q'), k: side('k') };
}

/** @throws RangeError when it was not recorded */
export function stageOf(recorded: RecordedStages, stage: string): Float32Array {
  const values = recorded.get(stage);
  if (values === undefined) throw new RangeError(`${stage} was not recorded`);
  return values;
}

function joined(images: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(images.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const image of images) {
    all.set(image, offset);
    offset += image.length;
  }
  return all;
}
