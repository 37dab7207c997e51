/** Selected stages of one layer for a few images, without a whole trace: the forward stops after that layer. */
import type { AttentionHead } from '@/lib/quantizers/attention/binarizer';
import { tf } from '@/lib/tf';
import { imageBatch } from '@/models/image-batch';
import { attentionBlocks, type AttentionBlock, type Model } from '@/models/model';
import type { Recorder } from '@/models/recorder';

/** For all images in a row. */
interface RecordedStage {
  /** [B, ...], or [B * windows, ...] */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** By the stage's name, without the block's. */
export type RecordedStages = ReadonlyMap<string, RecordedStage>;

/** @throws RangeError for a layer that the model does not have */
export function attentionBlock({ blocks }: Model, layer: number): AttentionBlock {
  const layers = attentionBlocks(blocks);
  const block = layers[layer];
  if (block === undefined) throw new RangeError(`layer ${layer} of a model of ${layers.length}`);
  return block;
}

/**
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
  const { name } = attentionBlock(model, layer);
  const last = blocks.findIndex((block) => block.name === name);
  const kept = new Map<string, tf.Tensor>();
  const recorder: Recorder = {
    record(stage, tensor) {
      const own = stage.slice(name.length + 1);
      if (stage === `${name}.${own}` && stages.includes(own)) kept.set(own, tf.keep(tf.clone(tensor)));
      return tensor;
    },
  };
  try {
    tf.tidy(() => {
      const tokens = embed(imageBatch(images, config), recorder);
      blocks.slice(0, last + 1).reduce((x, block) => block.run(x, recorder), tokens);
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

export interface HeadIndex {
  readonly image: number;
  readonly head: number;
  /** Row by row; 0 where every token sees all. */
  readonly window?: number;
}

/** @throws RangeError for a head or window that the model does not have */
export function headOf(recorded: RecordedStages, images: number, index: HeadIndex): AttentionHead {
  const map = (stage: string) => headValues(recorded, images, index, stage);
  const [, , tokens = 0] = stageOf(recorded, 'attention').shape; // [B * windows, H, N, N]
  return { tokens, scores: map('scores'), attention: map('attention'), q: map('q'), k: map('k') };
}

/** @throws RangeError as `headOf` */
export function headValues(
  recorded: RecordedStages,
  images: number,
  { image, head, window = 0 }: HeadIndex,
  stage: string,
): Float32Array {
  const { shape, values } = stageOf(recorded, stage);
  const [maps = 0, heads = 0, rows = 0, columns = 0] = shape;
  const windows = maps / images;
  const isIndex = (index: number, count: number) => Number.isInteger(index) && index >= 0 && index < count;
  if (!isIndex(head, heads)) throw new RangeError(`head ${head} of ${heads}`);
  if (!isIndex(window, windows) || !isIndex(image, images)) throw new RangeError(`window ${window} of ${windows}`);
  const start = ((image * windows + window) * heads + head) * rows * columns;
  return values.subarray(start, start + rows * columns);
}

/** Of one image; 1 where every token sees all. */
export function windowCount(recorded: RecordedStages, images: number): number {
  return (stageOf(recorded, 'attention').shape[0] ?? 0) / images;
}

/** @throws RangeError when it was not recorded */
export function stageOf(recorded: RecordedStages, stage: string): RecordedStage {
  const found = recorded.get(stage);
  if (found === undefined) throw new RangeError(`${stage} was not recorded`);
  return found;
}
