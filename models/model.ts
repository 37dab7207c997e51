/** What every architecture here is to those who run it. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import type { tf } from '@/lib/tf';
import type { ModelConfig } from '@/models/config';
import { createDeit } from '@/models/deit';
import type { IgnoredKey } from '@/models/parameter-reader';
import type { Recorder } from '@/models/recorder';

/** A part that maps tokens to tokens. */
export interface Block {
  /** Its prefix in the checkpoint and in the names of its stages: `blocks.0`. */
  readonly name: string;
  /** [B, N, C] -> [B, N, C]; the last stage it records is `<name>.output`. */
  readonly run: (tokens: tf.Tensor3D, recorder: Recorder) => tf.Tensor3D;
}

/** A model with its weights: three parts that can be run one by one, and all of them in a row. */
export interface Model {
  readonly config: ModelConfig;
  /** What gradients can be taken with respect to, by its key in the checkpoint. */
  readonly parameters: ReadonlyMap<string, tf.Tensor>;
  /** Keys of the checkpoint that the forward does not use. */
  readonly ignored: readonly IgnoredKey[];
  /** [B, channels, size, size], normalized -> `tokens` [B, N, C] */
  readonly embed: (images: tf.Tensor4D, recorder?: Recorder) => tf.Tensor3D;
  readonly blocks: readonly Block[];
  /** [B, N, C] -> `logits` [B, numClasses]; records `norm` on the way. */
  readonly classify: (tokens: tf.Tensor3D, recorder?: Recorder) => tf.Tensor2D;
  /** embed, every block, classify. @throws Error when the images are not of the configured size */
  readonly forward: (images: tf.Tensor4D, recorder?: Recorder) => tf.Tensor2D;
  readonly dispose: () => void;
}

/**
 * Puts a checkpoint's tensors into the model that the configuration describes.
 *
 * @throws CheckpointError when a tensor is missing, unexpected, misshapen or not finite
 */
export function createModel(config: ModelConfig, tensors: ReadonlyMap<string, CheckpointTensor>): Model {
  switch (config.architecture) {
    case 'deit':
      return createDeit(config, tensors);
  }
}
