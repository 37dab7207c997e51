/** The class that a model gives each of several images. */
import { tf } from '@/lib/tf';
import { imageBatch } from '@/models/image-batch';
import type { Model } from '@/models/model';

/**
 * All images in one forward.
 *
 * @param images normalized, row-major [channels, size, size] each
 * @returns the index of the largest logit for each image
 */
export async function predictClasses(model: Model, images: readonly Float32Array[]): Promise<readonly number[]> {
  const forward = fastestForward(model);
  const classes = tf.tidy(() => tf.argMax(forward(imageBatch(images, model.config)), 1)); // [B]
  try {
    return Array.from(await classes.data());
  } finally {
    classes.dispose();
  }
}

/** On the packed kernels where they can run the model, else the float path. */
export function fastestForward(model: Model): (images: tf.Tensor4D) => tf.Tensor2D {
  const packed = model.packed();
  return packed instanceof Error ? (images) => model.forward(images) : (images) => packed.forward(images);
}
