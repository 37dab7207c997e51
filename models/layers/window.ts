/**
 * Windows of a square grid of tokens: cutting, moving, and what their attention adds to its scores.
 *
 * Source: Liu et al., Swin Transformer, arXiv 2103.14030.
 */
import { tokensOfRows, type AttentionLayout } from '@/lib/math/attention-layout';
import { tf } from '@/lib/tf';

export interface WindowLayout {
  /** Tokens. */
  readonly gridSide: number;
  readonly windowSize: number;
  /** How far the windows are moved right and down; 0: not at all. */
  readonly shift: number;
}

/** [B, N, C] -> [B * windows, n, C], windows row by row, after moving the grid by the shift (around the edge). */
export function partitionWindows(x: tf.Tensor3D, { gridSide, windowSize, shift }: WindowLayout): tf.Tensor3D {
  const [batch, , channels] = x.shape;
  const grid = roll(tf.reshape(x, [batch, gridSide, gridSide, channels]), shift); // [B, side, side, C]
  const across = gridSide / windowSize;
  const bands = tf.reshape<tf.Rank.R4>(grid, [batch * across, windowSize, across, windowSize * channels]);
  const windows = tf.transpose(bands, [0, 2, 1, 3]); // [B * across, across, w, w * C]
  return tf.reshape(windows, [batch * across ** 2, windowSize ** 2, channels]);
}

/** The way back: [B * windows, n, C] -> [B, N, C]. */
export function mergeWindows(x: tf.Tensor3D, { gridSide, windowSize, shift }: WindowLayout): tf.Tensor3D {
  const [windows, , channels] = x.shape;
  const across = gridSide / windowSize;
  const batch = windows / across ** 2;
  const apart = tf.reshape<tf.Rank.R4>(x, [batch * across, across, windowSize, windowSize * channels]);
  const bands = tf.transpose(apart, [0, 2, 1, 3]); // [B * across, w, across, w * C]
  const grid = roll(tf.reshape(bands, [batch, gridSide, gridSide, channels]), gridSide - shift); // [B, side, side, C]
  return tf.reshape(grid, [batch, gridSide ** 2, channels]);
}

/** Moves rows and columns towards the origin, around the edge. [B, side, side, C] -> the same */
function roll(grid: tf.Tensor4D, by: number): tf.Tensor4D {
  const [batch, side, , channels] = grid.shape;
  const steps = by % side;
  if (steps === 0) return grid;
  const left = side - steps;
  const rows = tf.concat<tf.Tensor4D>(
    [
      tf.slice(grid, [0, steps, 0, 0], [batch, left, side, channels]),
      tf.slice(grid, [0, 0, 0, 0], [batch, steps, side, channels]),
    ],
    1,
  );
  return tf.concat(
    [
      tf.slice(rows, [0, 0, steps, 0], [batch, side, left, channels]),
      tf.slice(rows, [0, 0, 0, 0], [batch, side, steps, channels]),
    ],
    2,
  );
}

/**
 * Which row of the bias table a query and a key of a window meet in: (dy + w - 1)(2w - 1) + (dx + w - 1), query minus key.
 * @returns row-major, n * n entries
 */
export function relativePositionIndex(windowSize: number): Int32Array {
  const tokens = windowSize ** 2;
  const span = 2 * windowSize - 1;
  return Int32Array.from({ length: tokens ** 2 }, (_, place) => {
    const query = Math.floor(place / tokens);
    const key = place % tokens;
    const dy = Math.floor(query / windowSize) - Math.floor(key / windowSize);
    const dx = (query % windowSize) - (key % windowSize);
    return (dy + windowSize - 1) * span + dx + windowSize - 1;
  });
}

/**
 * The learned bias of each head for every pair of a window.
 *
 * As a product with one-hot rows: the wasm backend has no gradient of a gather.
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

/** What keeps tokens apart that only the shift has brought into one window: -100 on their scores, as published. */
const APART = -100;

/** @returns [windows, n, n], row-major: 0 for pairs that belong together; `null` without a shift */
export function shiftMask({ gridSide, windowSize, shift }: WindowLayout): Float32Array | null {
  if (shift === 0) return null;
  const across = gridSide / windowSize;
  const tokens = windowSize ** 2;
  /** Three bands a side: untouched, cut by the edge on one side, on the other. */
  const band = (at: number): number => (at < gridSide - windowSize ? 0 : at < gridSide - shift ? 1 : 2);
  const region = (window: number, token: number): number => {
    const y = Math.floor(window / across) * windowSize + Math.floor(token / windowSize);
    const x = (window % across) * windowSize + (token % windowSize);
    return 3 * band(y) + band(x);
  };
  const mask = new Float32Array(across ** 2 * tokens ** 2);
  mask.forEach((_, place) => {
    const window = Math.floor(place / tokens ** 2);
    const query = Math.floor(place / tokens) % tokens;
    mask[place] = region(window, query) === region(window, place % tokens) ? 0 : APART;
  });
  return mask;
}

/** What rows and columns of the attention through these windows are. */
export function windowedLayout({ gridSide, windowSize, shift }: WindowLayout): AttentionLayout {
  return { classTokens: 0, gridSide, window: { size: windowSize, shift } };
}

/** Which token stands where after `partitionWindows`: [windows * n] */
export function windowOrder(layout: WindowLayout): Int32Array {
  return tokensOfRows(windowedLayout(layout));
}

/** Which four tokens merge into each, (row, column) in the order (0,0), (1,0), (0,1), (1,1): [4 * (side / 2)^2] */
export function neighbourOrder(gridSide: number): Int32Array {
  const half = gridSide / 2;
  return Int32Array.from({ length: gridSide ** 2 }, (_, place) => {
    const merged = Math.floor(place / 4);
    const y = 2 * Math.floor(merged / half) + (place % 2);
    const x = 2 * (merged % half) + Math.floor((place % 4) / 2);
    return y * gridSide + x;
  });
}
