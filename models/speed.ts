/** Timing models: random weights where no trained ones are needed, and one forward of each. */
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import type { ModelConfig } from '@/models/architectures/configs';
import { imageBatch } from '@/models/image-batch';
import { pathOf } from '@/models/packed';
import type { ForwardPath } from '@/models/packed-model';
import { fastestForward } from '@/models/predict';
import { randomWeights } from '@/models/random-weights';

export interface TimedForward {
  readonly path: ForwardPath;
  /** One image through the model, until its logits are read. */
  readonly run: () => Promise<void>;
  /** Disposes the image; the model stays. */
  readonly dispose: () => void;
}

/** @param config its quantization is 'none' or 'bi-vit-elastic' @returns to be disposed by the caller */
export function randomModel(config: ModelConfig, seed: number): Model {
  return createModel(config, randomWeights(config, seed));
}

/** The same image for all models of a size: its values do not affect the time. */
export function timedForward(model: Model): TimedForward {
  const { inChannels, imageSize } = model.config;
  const values = Float32Array.from({ length: inChannels * imageSize ** 2 }, (_, i) => Math.sin(i));
  const images = imageBatch([values], model.config);
  const forward = fastestForward(model);
  return {
    path: pathOf(model),
    run: async () => {
      const logits = forward(images);
      try {
        await logits.data();
      } finally {
        logits.dispose();
      }
    },
    dispose: () => images.dispose(),
  };
}
