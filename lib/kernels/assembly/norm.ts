/**
 * LayerNorm: to numbers, or straight to the bits of its sign.
 *
 * A row's sums run from left to right, one addition after the other, as tfjs's wasm backend adds: so that the sign of what follows is
 * the same to the last bit. To keep the processor busy nevertheless, eight rows are summed side by side: four columns of four rows
 * are transposed in registers, and then a vector holds one column of four rows.
 */

/** sum + column 0 + column 1 + column 2 + column 3 of four rows; squared distances from `mean` where `squares`. */
@inline
function addColumns(squares: bool, sum: v128, mean: v128, a: usize, b: usize, c: usize, d: usize): v128 {
  const r0 = v128.load(a), r1 = v128.load(b), r2 = v128.load(c), r3 = v128.load(d);
  const p0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), p1 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const p2 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7), p3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  sum = addColumn(squares, sum, mean, v128.shuffle<i64>(p0, p1, 0, 2));
  sum = addColumn(squares, sum, mean, v128.shuffle<i64>(p0, p1, 1, 3));
  sum = addColumn(squares, sum, mean, v128.shuffle<i64>(p2, p3, 0, 2));
  return addColumn(squares, sum, mean, v128.shuffle<i64>(p2, p3, 1, 3));
}

@inline
function addColumn(squares: bool, sum: v128, mean: v128, column: v128): v128 {
  if (!squares) return f32x4.add(sum, column);
  const distance = f32x4.sub(column, mean);
  return f32x4.add(sum, f32x4.mul(distance, distance));
}

@inline
function oneColumn(a: usize, b: usize, c: usize, d: usize): v128 {
  let column = v128.load32_zero(a);
  column = v128.load_lane<f32>(b, column, 1);
  column = v128.load_lane<f32>(c, column, 2);
  return v128.load_lane<f32>(d, column, 3);
}

@inline
function rowAt(x: usize, stride: usize, order: usize, row: i32, rows: i32): usize {
  const own = min(row, rows - 1);
  return x + <usize>(order == 0 ? own : load<i32>(order + (<usize>own << 2))) * stride;
}

/**
 * Mean and 1 / sqrt(variance + eps) of eight rows -> f32 [8], [8]; rows past the last stand for the last.
 */
@inline
function moments8(
  row: i32, rows: i32, size: i32, x: usize, stride: usize, order: usize, eps: f32, out: usize,
): void {
  let a = rowAt(x, stride, order, row, rows), b = rowAt(x, stride, order, row + 1, rows);
  let c = rowAt(x, stride, order, row + 2, rows), d = rowAt(x, stride, order, row + 3, rows);
  let e = rowAt(x, stride, order, row + 4, rows), f = rowAt(x, stride, order, row + 5, rows);
  let g = rowAt(x, stride, order, row + 6, rows), h = rowAt(x, stride, order, row + 7, rows);
  const zero = f32x4.splat(0), count = f32x4.splat(<f32>size), whole = <usize>(size & -4) << 2, all = <usize>size << 2;
  let sum0 = zero, sum1 = zero, at: usize = 0;
  for (; at < whole; at += 16) {
    sum0 = addColumns(false, sum0, zero, a + at, b + at, c + at, d + at);
    sum1 = addColumns(false, sum1, zero, e + at, f + at, g + at, h + at);
  }
  for (; at < all; at += 4) {
    sum0 = f32x4.add(sum0, oneColumn(a + at, b + at, c + at, d + at));
    sum1 = f32x4.add(sum1, oneColumn(e + at, f + at, g + at, h + at));
  }
  const mean0 = f32x4.div(sum0, count), mean1 = f32x4.div(sum1, count);
  sum0 = zero;
  sum1 = zero;
  for (at = 0; at < whole; at += 16) {
    sum0 = addColumns(true, sum0, mean0, a + at, b + at, c + at, d + at);
    sum1 = addColumns(true, sum1, mean1, e + at, f + at, g + at, h + at);
  }
  for (; at < all; at += 4) {
    sum0 = addColumn(true, sum0, mean0, oneColumn(a + at, b + at, c + at, d + at));
    sum1 = addColumn(true, sum1, mean1, oneColumn(e + at, f + at, g + at, h + at));
  }
  const one = f32x4.splat(1), more = f32x4.splat(eps);
  v128.store(out, mean0);
  v128.store(out, mean1, 16);
  v128.store(out, f32x4.div(one, f32x4.sqrt(f32x4.add(f32x4.div(sum0, count), more))), 32);
  v128.store(out, f32x4.div(one, f32x4.sqrt(f32x4.add(f32x4.div(sum1, count), more))), 48);
}

@inline
function normed(x: v128, mean: v128, over: v128, weight: usize, bias: usize): v128 {
  const normalized = f32x4.mul(f32x4.sub(x, mean), over);
  return f32x4.add(f32x4.mul(normalized, v128.load(weight)), v128.load(bias));
}

/** Four lanes of all ones where LayerNorm(x) >= from. */
@inline
function holds(x: usize, mean: v128, over: v128, weight: usize, bias: usize, at: usize, from: v128): v128 {
  return f32x4.ge(normed(v128.load(x + at), mean, over, weight + at, bias + at), from);
}

/**
 * Rows of x -> bits of LayerNorm(x)_mi >= from_(m % heads), each row starting a word, leftover bits 0.
 *
 * @param order i32 [rows]: row m comes from x_(order m); 0: from x_m
 * @param from f32 [heads]
 * @param scratch 64 bytes
 */
export function normSigns(
  rows: i32, size: i32, x: usize, stride: usize, order: usize, weight: usize, bias: usize, eps: f32,
  from: usize, heads: i32, out: usize, scratch: usize,
): void {
  const whole = <usize>(size & -32) << 2;
  let head = 0;
  for (let row = 0; row < rows; row += 8) {
    moments8(row, rows, size, x, stride, order, eps, scratch);
    for (let i = 0; i < min(8, rows - row); i++) {
      const source = rowAt(x, stride, order, row + i, rows);
      const moments = scratch + (<usize>i << 2);
      const mean = v128.load32_splat(moments), over = v128.load32_splat(moments, 32);
      const limit = v128.load32_splat(from + (<usize>head << 2));
      head = head + 1 == heads ? 0 : head + 1;
      let at: usize = 0;
      for (; at < whole; at += 128) {
        store<i32>(out, bits16(source, mean, over, weight, bias, at, limit)
          | (bits16(source, mean, over, weight, bias, at + 64, limit) << 16));
        out += 4;
      }
      if (size & 31) {
        let word = 0;
        for (let bit = 0; bit < (size & 31); bit++) {
          const value = (load<f32>(source + at) - f32x4.extract_lane(mean, 0)) * f32x4.extract_lane(over, 0)
            * load<f32>(weight + at) + load<f32>(bias + at);
          word |= i32(value >= f32x4.extract_lane(limit, 0)) << bit;
          at += 4;
        }
        store<i32>(out, word);
        out += 4;
      }
    }
  }
}

@inline
function bits16(x: usize, mean: v128, over: v128, weight: usize, bias: usize, at: usize, from: v128): i32 {
  const low = i16x8.narrow_i32x4_s(
    holds(x, mean, over, weight, bias, at, from), holds(x, mean, over, weight, bias, at + 16, from));
  const high = i16x8.narrow_i32x4_s(
    holds(x, mean, over, weight, bias, at + 32, from), holds(x, mean, over, weight, bias, at + 48, from));
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

/** y = LayerNorm(x), f32 [rows, size]. @param scratch 64 bytes */
export function normRows(
  rows: i32, size: i32, x: usize, stride: usize, weight: usize, bias: usize, eps: f32, y: usize, scratch: usize,
): void {
  const whole = <usize>(size & -4) << 2, all = <usize>size << 2;
  for (let row = 0; row < rows; row += 8) {
    moments8(row, rows, size, x, stride, 0, eps, scratch);
    for (let i = 0; i < min(8, rows - row); i++) {
      const source = x + <usize>(row + i) * stride, to = y + <usize>(row + i) * all;
      const moments = scratch + (<usize>i << 2);
      const mean = v128.load32_splat(moments), over = v128.load32_splat(moments, 32);
      let at: usize = 0;
      for (; at < whole; at += 16)
        v128.store(to + at, normed(v128.load(source + at), mean, over, weight + at, bias + at));
      for (; at < all; at += 4) {
        const value = (load<f32>(source + at) - f32x4.extract_lane(mean, 0)) * f32x4.extract_lane(over, 0);
        store<f32>(to + at, value * load<f32>(weight + at) + load<f32>(bias + at));
      }
    }
  }
}
