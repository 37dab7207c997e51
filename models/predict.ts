/** The class that a model gives each of several images. */
import { tf } from '@/lib/tf';
import type { Model } from '@/models/model';

/**
 * All in one forward, in the packed kernels where the model runs on them.
 *
 * @param images normalized, each row-major [channels, size, size]
 * @returns the index of the largest logit for each image
 */
export async function predictClasses(model: Model, images: readonly Float32Array[]): Promise<readonly number[]> {
  const { inChannels, imageSize } = model.config;
  const values = inChannels * imageSize ** 2;
  const pixels = new Float32Array(images.length * values);
  images.forEach((image, i) => pixels.set(image, i * values));
  const forward = fastestForward(model);
  const classes = tf.tidy(() =>
    tf.argMax(forward(tf.tensor4d(pixels, [images.length, inChannels, imageSize, imageSize])), 1),
  ); // [B]
  try {
    return Array.from(await classes.data());
  } finally {
    classes.dispose();
  }
}

/** The packed kernels' where the model runs on them, else the float path's. */
export function fastestForward(model: Model): (images: tf.Tensor4D) => tf.Tensor2D {
  const packed = model.packed();
  return packed instanceof Error ? (images) => model.forward(images) : (images) => packed.forward(images);
}
