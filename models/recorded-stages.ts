/** What a model's blocks let out for a few images, without a whole trace: only the stages asked for, only as far as needed. */
import type { AttentionHead } from '@/lib/quantizers/attention/binarizer';
import { tf } from '@/lib/tf';
import type { Block, Model } from '@/models/model';
import type { Recorder } from '@/models/recorder';

/** What a block let out at one stage, for all images in a row. */
export interface RecordedStage {
  /** [B, ...]; [B * windows, ...] where a Swin looks through windows. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** By the stage's name, without the block's. */
export type RecordedStages = ReadonlyMap<string, RecordedStage>;

/** The blocks that attend, in order: what panels call layers. A Swin's patch merging is none. */
export function attentionBlock({ blocks }: Model, layer: number): Block {
  const attending = blocks.filter(({ quantizers }) => quantizers !== null);
  const block = attending[layer];
  if (block === undefined) throw new RangeError(`layer ${layer} of a model of ${attending.length}`);
  return block;
}

/**
 * Runs images through the embedding and the blocks up to `layer`, and reads stages of that block.
 *
 * @param images normalized, [channels * size * size] each
 * @param stages as the block names them: `q`, `scores`, `fc1_input`, ...
 * @throws RangeError for a layer that the model does not have, or a stage that its block does not record
 */
export async function recordStages(
  model: Model,
  images: readonly Float32Array[],
  layer: number,
  stages: readonly string[],
): Promise<RecordedStages> {
  const { config, embed, blocks } = model;
  const last = attentionBlock(model, layer);
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
      blocks
        .slice(0, blocks.indexOf(last) + 1)
        .reduce((tokens, block) => block.run(tokens, recorder), embed(input, recorder));
    });
    const read = new Map<string, RecordedStage>();
    for (const stage of stages) {
      const tensor = kept.get(stage);
      if (tensor === undefined) throw new RangeError(`the block records no stage ${stage}`);
      const values = Float32Array.from(await tensor.data()); // a copy: the cpu backend hands out its memory
      read.set(stage, { shape: tensor.shape, values });
    }
    return read;
  } finally {
    tf.dispose([...kept.values()]);
  }
}

/** What an attention binarizer reads of a head. */
export const HEAD_STAGES = ['q', 'k', 'scores', 'attention'] as const;

/** Which piece of what was recorded: an image of the batch, and of a Swin one of its windows, row by row. */
export interface HeadPlace {
  readonly image: number;
  readonly head: number;
  /** 0 where every token sees all. */
  readonly window?: number;
}

/** One head of one window of one image. @throws RangeError for a head or window that the model does not have */
export function headOf(recorded: RecordedStages, images: number, place: HeadPlace): AttentionHead {
  const map = (stage: string) => headValues(recorded, images, place, stage);
  const [, , tokens = 0] = stageOf(recorded, 'attention').shape; // [B * windows, H, N, N]
  return { tokens, scores: map('scores'), attention: map('attention'), q: map('q'), k: map('k') };
}

/** @throws RangeError as `headOf` */
export function headValues(
  recorded: RecordedStages,
  images: number,
  { image, head, window = 0 }: HeadPlace,
  stage: string,
): Float32Array {
  const { shape, values } = stageOf(recorded, stage);
  const [maps = 0, heads = 0, rows = 0, columns = 0] = shape;
  const windows = maps / images;
  const isThere = (index: number, count: number) => Number.isInteger(index) && index >= 0 && index < count;
  if (!isThere(head, heads)) throw new RangeError(`head ${head} of ${heads}`);
  if (!isThere(window, windows) || !isThere(image, images)) throw new RangeError(`window ${window} of ${windows}`);
  const start = ((image * windows + window) * heads + head) * rows * columns;
  return values.subarray(start, start + rows * columns);
}

/** How many windows there are beside each other; 1 where every token sees all. */
export function windowCount(recorded: RecordedStages, images: number): number {
  return (stageOf(recorded, 'attention').shape[0] ?? 0) / images;
}

/** @throws RangeError when it was not recorded */
export function stageOf(recorded: RecordedStages, stage: string): RecordedStage {
  const found = recorded.get(stage);
  if (found === undefined) throw new RangeError(`${stage} was not recorded`);
  return found;
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
