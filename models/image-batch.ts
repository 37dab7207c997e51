/** Images as a model takes them. */
import { tf } from '@/lib/tf';
import type { ModelConfig } from '@/models/architectures/configs';
import { requireImage } from '@/models/model';

/**
 * @param images normalized, row-major [channels, size, size] each
 * @returns [B, channels, size, size]
 * @throws RangeError when one is not of the model's size
 */
export function imageBatch(images: readonly Float32Array[], config: ModelConfig): tf.Tensor4D {
  const { inChannels, imageSize } = config;
  const values = inChannels * imageSize ** 2;
  const pixels = new Float32Array(images.length * values);
  images.forEach((image, i) => {
    requireImage(image, config);
    pixels.set(image, i * values);
  });
  return tf.tensor4d(pixels, [images.length, inChannels, imageSize, imageSize]);
}

/** @throws Error unless the images are [B, channels, size, size] */
export function requireImages(images: tf.Tensor4D, { inChannels, imageSize }: ModelConfig): void {
  const [, channels, height, width] = images.shape;
  if (channels === inChannels && height === imageSize && width === imageSize) return;
  const wanted = `[B, ${inChannels}, ${imageSize}, ${imageSize}]`;
  throw new Error(`The model takes images of shape ${wanted}; these are [${images.shape.join(', ')}].`);
}
