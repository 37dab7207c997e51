/** Scales that are fitted to an activation head by head. */
import { meanMagnitude } from '@/lib/math/mean-magnitude';
import type { NumberRow } from '@/lib/math/number-row';
import { tf } from '@/lib/tf';

/** Values are divided by a scale, which must therefore not be 0 for a head of zeros. */
const LEAST_ALPHA = 1e-12;

export function positive(alpha: number): number {
  return Math.max(alpha, LEAST_ALPHA);
}

/** 2 mean |x|: where alpha starts in Bi-ViT's released code (arXiv 2305.12354); not negative. */
export function officialAlpha(values: NumberRow): number {
  return 2 * meanMagnitude(values);
}

/** All values of each head: H of [B * N * M]. @param x [B, H, N, M] */
export function valuesByHead(x: tf.Tensor4D): readonly Float32Array[] {
  const [batch, count, rows, columns] = x.shape;
  const size = batch * rows * columns;
  const first = tf.transpose(x, [1, 0, 2, 3]); // [H, B, N, M]
  // Not in a `tidy`, which would search the returned array for tensors, number by number.
  const values = first.dataSync<'float32'>();
  first.dispose();
  return Array.from({ length: count }, (_, head) => values.subarray(head * size, (head + 1) * size));
}

/** @returns [H] for each scale */
export function scalesByHead<Scale extends string>(
  x: tf.Tensor4D,
  fit: (values: Float32Array, head: number) => { readonly [Name in Scale]: number },
): { readonly [Name in Scale]: Float32Array } {
  const fits = valuesByHead(x).map(fit);
  const names = Object.keys(fits[0] ?? {}) as Scale[];
  const scales = names.map((name) => [name, Float32Array.from(fits, (each) => each[name])]);
  return Object.fromEntries(scales) as { [Name in Scale]: Float32Array };
}
