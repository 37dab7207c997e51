/** The class that a model gives each of many images. */
import { normalizeGrey } from '@/lib/images/grey28';
import { imageAt, type IdxImages } from '@/lib/images/samples';
import { tf } from '@/lib/tf';
import type { Model } from '@/models/model';

type Forward = (images: tf.Tensor4D) => tf.Tensor2D;

/** Enough to keep the processor busy; the attention of this many images takes 4 MB a layer. */
const BATCH = 100;

/**
 * @param count how many of them, from the first on
 * @param onProgress told how many are done
 * @param forward the float path's by default
 * @returns the index of the largest logit for each image
 */
export function predictLabels(
  model: Model,
  images: IdxImages,
  count: number = images.count,
  onProgress: (done: number) => void = () => {},
  forward: Forward = (input) => model.forward(input),
): Uint8Array {
  const labels = new Uint8Array(count);
  for (let first = 0; first < count; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - first) }, (_, i) => imageAt(images, first + i));
    labels.set(predictBatch(forward, batch, images), first);
    onProgress(first + batch.length);
  }
  return labels;
}

function predictBatch(forward: Forward, batch: readonly Uint8Array[], { width, height }: IdxImages): Int32Array {
  const pixels = new Float32Array(batch.length * width * height);
  batch.forEach((bytes, i) => {
    const unit = Float32Array.from(bytes, (value) => value / 255);
    pixels.set(normalizeGrey(unit), i * width * height);
  });
  return tf.tidy(() => {
    const input = tf.tensor4d(pixels, [batch.length, 1, height, width]); // [B, 1, 28, 28]
    const classes = tf.argMax(forward(input), 1); // [B]
    return Int32Array.from(classes.dataSync());
  });
}

/** How many of the first `count` differ. */
export function countDifferences(a: Uint8Array, b: Uint8Array, count: number = a.length): number {
  let differences = 0;
  for (let i = 0; i < count; i++) if (a[i] !== b[i]) differences++;
  return differences;
}
