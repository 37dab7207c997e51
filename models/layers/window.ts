/**
 * Windows of a square grid of tokens: partition, shift, and what their attention adds to its scores.
 *
 * Source: Liu et al., Swin Transformer, arXiv 2103.14030.
 */
import type { AttentionLayout } from '@/lib/math/attention-layout';
import { tf } from '@/lib/tf';

export type WindowedLayout = AttentionLayout & { readonly window: NonNullable<AttentionLayout['window']> };

/** [B, N, C] -> [B * windows, n, C], windows row by row, after a cyclic shift of the grid. */
export function partitionWindows(x: tf.Tensor3D, { gridSide, window: { size, shift } }: WindowedLayout): tf.Tensor3D {
  const [batch, , channels] = x.shape;
  const grid = roll(tf.reshape(x, [batch, gridSide, gridSide, channels]), shift); // [B, side, side, C]
  const across = gridSide / size;
  const bands = tf.reshape<tf.Rank.R4>(grid, [batch * across, size, across, size * channels]);
  const windows = tf.transpose(bands, [0, 2, 1, 3]); // [B * across, across, w, w * C]
  return tf.reshape(windows, [batch * across ** 2, size ** 2, channels]);
}

/** The inverse: [B * windows, n, C] -> [B, N, C]. */
export function mergeWindows(x: tf.Tensor3D, { gridSide, window: { size, shift } }: WindowedLayout): tf.Tensor3D {
  const [windows, , channels] = x.shape;
  const across = gridSide / size;
  const batch = windows / across ** 2;
  const apart = tf.reshape<tf.Rank.R4>(x, [batch * across, across, size, size * channels]);
  const bands = tf.transpose(apart, [0, 2, 1, 3]); // [B * across, w, across, w * C]
  const grid = roll(tf.reshape(bands, [batch, gridSide, gridSide, channels]), gridSide - shift); // [B, side, side, C]
  return tf.reshape(grid, [batch, gridSide ** 2, channels]);
}

/** Shifts rows and columns cyclically towards the origin. [B, side, side, C] -> the same */
function roll(grid: tf.Tensor4D, by: number): tf.Tensor4D {
  const side = grid.shape[1];
  const steps = by % side;
  if (steps === 0) return grid;
  return [1, 2].reduce((x, axis) => {
    const [first, second] = tf.split(x, [steps, side - steps], axis) as [tf.Tensor4D, tf.Tensor4D];
    return tf.concat([second, first], axis);
  }, grid);
}

/**
 * The row of the bias table for each query and key of a window: (dy + w - 1)(2w - 1) + (dx + w - 1), query minus key.
 *
 * @returns [n, n], row-major
 */
export function relativePositionIndex(windowSize: number): Int32Array {
  const tokens = windowSize ** 2;
  return Int32Array.from({ length: tokens ** 2 }, (_, pair) => {
    const query = Math.floor(pair / tokens);
    const key = pair % tokens;
    const dy = Math.floor(query / windowSize) - Math.floor(key / windowSize);
    const dx = (query % windowSize) - (key % windowSize);
    return (dy + windowSize - 1) * (2 * windowSize - 1) + dx + windowSize - 1;
  });
}

/**
 * The learned bias of each head for every pair of tokens, as a product with one-hot rows: the wasm backend has no gradient of a gather.
 *
 * @param table [(2w - 1)^2, H]
 * @param oneHot [n * n, (2w - 1)^2]
 * @returns [1, H, n, n]
 */
export function positionBias(table: tf.Tensor2D, oneHot: tf.Tensor2D): tf.Tensor4D {
  const tokens = Math.sqrt(oneHot.shape[0]);
  const pairs = tf.matMul(oneHot, table); // [n * n, H]
  return tf.reshape(tf.transpose(pairs), [1, table.shape[1], tokens, tokens]);
}

/** Added to the scores of tokens that only the shift brought into one window, as published. */
const APART = -100;

/** @returns [windows, n, n], row-major: 0 for pairs that belong together; `null` without a shift */
export function shiftMask({ gridSide, window: { size, shift } }: WindowedLayout): Float32Array | null {
  if (shift === 0) return null;
  const across = gridSide / size;
  const tokens = size ** 2;
  /** Three bands along each axis: whole windows, then the two halves of those cut by the edge. */
  const band = (at: number): number => (at < gridSide - size ? 0 : at < gridSide - shift ? 1 : 2);
  const region = (window: number, token: number): number => {
    const y = Math.floor(window / across) * size + Math.floor(token / size);
    const x = (window % across) * size + (token % size);
    return 3 * band(y) + band(x);
  };
  return Float32Array.from({ length: across ** 2 * tokens ** 2 }, (_, i) => {
    const window = Math.floor(i / tokens ** 2);
    const query = Math.floor(i / tokens) % tokens;
    return region(window, query) === region(window, i % tokens) ? 0 : APART;
  });
}

/** Which four tokens merge into each, (row, column) in the order (0,0), (1,0), (0,1), (1,1): [4 * (side / 2)^2] */
export function neighbourOrder(gridSide: number): Int32Array {
  const half = gridSide / 2;
  return Int32Array.from({ length: gridSide ** 2 }, (_, i) => {
    const merged = Math.floor(i / 4);
    const y = 2 * Math.floor(merged / half) + (i % 2);
    const x = 2 * (merged % half) + Math.floor((i % 4) / 2);
    return y * gridSide + x;
  });
}
