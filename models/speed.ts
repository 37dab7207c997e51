/** Models to be timed: made up from a seed where there are none, and one forward of each, from the numbers to the numbers. */
import { tf } from '@/lib/tf';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import type { ModelConfig } from '@/models/config';
import { pathOf } from '@/models/packed';
import type { ForwardPath } from '@/models/packed-model';
import { fastestForward } from '@/models/predict';
import { randomWeights } from '@/models/random-weights';

export interface TimedForward {
  /** What it runs on: packed where the model can. */
  readonly path: ForwardPath;
  /** One image through the model, until its logits can be read. */
  readonly run: () => Promise<void>;
  /** Lets go of the image; the model stays. */
  readonly dispose: () => void;
}

/** Weights of no training; a configuration's quantization may be 'none' or 'bi-vit-elastic'. The caller disposes it. */
export function randomModel(config: ModelConfig, seed: number): Model {
  return createModel(config, randomWeights(config, seed));
}

/** On an image that is the same for every model of that size: what the values are makes no difference to the time. */
export function timedForward(model: Model): TimedForward {
  const { inChannels, imageSize } = model.config;
  const values = Float32Array.from({ length: inChannels * imageSize ** 2 }, (_, i) => Math.sin(i));
  const image = tf.tensor4d(values, [1, inChannels, imageSize, imageSize]);
  const forward = fastestForward(model);
  return {
    path: pathOf(model),
    run: async () => {
      const logits = forward(image);
      try {
        await logits.data();
      } finally {
        logits.dispose();
      }
    },
    dispose: () => image.dispose(),
  };
}
