/**
 * The real-valued ends of a model: pixels to tokens, and tokens to logits. Each output is summed from left to right, a product and
 * a sum at a time, as XNNPACK does for tfjs's wasm backend.
 */

/** Patches as rows: image [channels, side, side] -> [(side / patch)^2, channels * patch^2], patches row by row. */
export function patchRows(channels: i32, side: i32, patch: i32, image: usize, out: usize): void {
  const across = side / patch, bytes = <usize>patch << 2;
  for (let row = 0; row < across; row++) {
    for (let column = 0; column < across; column++) {
      for (let channel = 0; channel < channels; channel++) {
        for (let line = 0; line < patch; line++) {
          const from = image + (<usize>((channel * side + row * patch + line) * side + column * patch) << 2);
          let at: usize = 0;
          for (; at + 16 <= bytes; at += 16) v128.store(out + at, v128.load(from + at));
          for (; at < bytes; at += 4) store<f32>(out + at, load<f32>(from + at));
          out += bytes;
        }
      }
    }
  }
}

/**
 * y_mo = (sum_i x_mi w_oi + bias_o) + more_mo
 *
 * @param w panels f32 [ceil(columns / 8), depth, 8], outputs that do not exist are 0
 * @param bias f32 [8 * panels]
 * @param more f32 [rows, columns], or 0 for none
 */
export function dense(
  rows: i32, columns: i32, depth: i32, x: usize, stride: usize, w: usize, bias: usize,
  more: usize, y: usize, scratch: usize,
): void {
  const bytes = <usize>columns << 2;
  for (let column = 0; column < columns; column += 8) {
    const panel = w + (<usize>(column * depth) << 2);
    for (let row = 0; row < rows; row += 4) {
      let a = x + <usize>row * stride;
      const step1: usize = row + 1 < rows ? stride : 0, step2: usize = row + 2 < rows ? 2 * stride : 0;
      const step3: usize = row + 3 < rows ? 3 * stride : 0;
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
      let at = panel;
      const end = panel + (<usize>depth << 5);
      while (at < end) {
        const low = v128.load(at), high = v128.load(at, 16);
        at += 32;
        const x0 = v128.load32_splat(a), x1 = v128.load32_splat(a + step1);
        const x2 = v128.load32_splat(a + step2), x3 = v128.load32_splat(a + step3);
        a += 4;
        s0 = f32x4.add(s0, f32x4.mul(x0, low));
        t0 = f32x4.add(t0, f32x4.mul(x0, high));
        s1 = f32x4.add(s1, f32x4.mul(x1, low));
        t1 = f32x4.add(t1, f32x4.mul(x1, high));
        s2 = f32x4.add(s2, f32x4.mul(x2, low));
        t2 = f32x4.add(t2, f32x4.mul(x2, high));
        s3 = f32x4.add(s3, f32x4.mul(x3, low));
        t3 = f32x4.add(t3, f32x4.mul(x3, high));
      }
      const from = <usize>row * bytes + (<usize>column << 2), shift = bias + (<usize>column << 2);
      write(s0, t0, shift, more, y, from, columns - column, scratch);
      if (row + 1 < rows) write(s1, t1, shift, more, y, from + bytes, columns - column, scratch);
      if (row + 2 < rows) write(s2, t2, shift, more, y, from + 2 * bytes, columns - column, scratch);
      if (row + 3 < rows) write(s3, t3, shift, more, y, from + 3 * bytes, columns - column, scratch);
    }
  }
}

/** Eight outputs, of which `count` exist. */
@inline
function write(
  low: v128, high: v128, bias: usize, more: usize, y: usize, at: usize, count: i32, scratch: usize,
): void {
  low = f32x4.add(low, v128.load(bias));
  high = f32x4.add(high, v128.load(bias, 16));
  if (count >= 8) {
    v128.store(y + at, more == 0 ? low : f32x4.add(low, v128.load(more + at)));
    v128.store(y + at, more == 0 ? high : f32x4.add(high, v128.load(more + at, 16)), 16);
    return;
  }
  v128.store(scratch, low);
  v128.store(scratch, high, 16);
  for (let i: usize = 0; i < <usize>count; i++) {
    const value = load<f32>(scratch + (i << 2));
    store<f32>(y + at + (i << 2), more == 0 ? value : value + load<f32>(more + at + (i << 2)));
  }
}

/** The mean of rows, summed from the first to the last: f32 [rows, size] -> [size]; `out` has room for whole vectors. */
export function meanRows(rows: i32, size: i32, x: usize, out: usize): void {
  const stride = <usize>size << 2;
  for (let column: usize = 0; column < stride; column += 16) {
    let sum = v128.load(x + column);
    for (let row = 1; row < rows; row++) sum = f32x4.add(sum, v128.load(x + <usize>row * stride + column));
    const mean = f32x4.div(sum, f32x4.splat(<f32>rows));
    if (column + 16 <= stride) v128.store(out + column, mean);
    else {
      v128.store_lane<f32>(out + column, mean, 0);
      if (column + 8 <= stride) v128.store_lane<f32>(out + column + 4, mean, 1);
      if (column + 12 <= stride) v128.store_lane<f32>(out + column + 8, mean, 2);
    }
  }
}

/** x becomes alpha_i where x >= 0, else -alpha_i; rows of `size` floats, `size` a multiple of 4. @param alpha f32 [size] */
export function signLevels(rows: i32, size: i32, x: usize, alpha: usize): void {
  const bytes = <usize>size << 2;
  for (let row = 0; row < rows; row++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const positive = f32x4.ge(v128.load(x), f32x4.splat(0)), level = v128.load(alpha + at);
      v128.store(x, v128.bitselect(level, f32x4.neg(level), positive));
      x += 16;
    }
  }
}

/** x *= scale, column by column; `size` a multiple of 4. @param scale f32 [size] */
export function scaleColumns(rows: i32, size: i32, x: usize, scale: usize): void {
  const bytes = <usize>size << 2;
  for (let row = 0; row < rows; row++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(x, f32x4.mul(v128.load(x), v128.load(scale + at)));
      x += 16;
    }
  }
}

/** out_m = x_(order m): rows of `bytes` bytes. */
export function gatherRows(rows: i32, bytes: i32, x: usize, order: usize, out: usize): void {
  for (let row = 0; row < rows; row++) {
    memory.copy(out, x + <usize>(load<i32>(order + (<usize>row << 2)) * bytes), bytes);
    out += bytes;
  }
}

export function copyBytes(from: usize, bytes: i32, to: usize): void {
  memory.copy(to, from, bytes);
}
