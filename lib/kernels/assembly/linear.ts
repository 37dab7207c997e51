/**
 * A linear layer on bits, and what its sums n = K - 2 popcount(a XOR w) become without ever being written out as they are:
 *
 *     store   y = s_o n
 *     add     y = y + s_o n                     (a residual)
 *     bits    n >= from_o  or  n <= upTo_o      (a sign of something that follows: see `../sum-signs.ts`), a bit each
 *     bytes   the same, a byte each
 */
import { accumulate, count64, PANEL, TABLE_BYTES, TILE, writeTables } from './lookup';

const STORE = 0;
const ADD = 1;
const BITS = 2;
const BYTES = 3;

/** i16 [64] -> s n, f32 [64], added to what is there or not */
@inline
function scale64(add: bool, sums: usize, scale: usize, y: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    const sum = v128.load(sums + (i << 4));
    const at = y + (i << 5), by = scale + (i << 5);
    const low = f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(sum)), v128.load(by));
    const high = f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(sum)), v128.load(by, 16));
    v128.store(at, add ? f32x4.add(v128.load(at), low) : low);
    v128.store(at, add ? f32x4.add(v128.load(at, 16), high) : high, 16);
  }
}

/** As `scale64`, for a panel of which only `count` outputs exist. */
function scaleSome(add: bool, sums: usize, scale: usize, y: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const value = <f32>load<i16>(sums + (i << 1)) * load<f32>(scale + (i << 2));
    store<f32>(y + (i << 2), add ? load<f32>(y + (i << 2)) + value : value);
  }
}

/** Sixteen bytes of all ones where n >= from or n <= upTo. @param limits i16 from [64], upTo [64] */
@inline
function holds16(sums: usize, limits: usize): v128 {
  const n0 = v128.load(sums), n1 = v128.load(sums, 16);
  const low = v128.or(i16x8.ge_s(n0, v128.load(limits)), i16x8.le_s(n0, v128.load(limits, 128)));
  const high = v128.or(i16x8.ge_s(n1, v128.load(limits, 16)), i16x8.le_s(n1, v128.load(limits, 144)));
  return i8x16.narrow_i16x8_s(low, high);
}

/** @param y of the row; the panel's place in it follows from `column` */
@inline
function finish(kind: i32, sums: usize, parameters: usize, y: usize, column: i32, columns: i32): void {
  const left = columns - column;
  if (kind == STORE || kind == ADD) {
    const at = y + (<usize>column << 2);
    if (left >= PANEL) scale64(kind == ADD, sums, parameters, at);
    else scaleSome(kind == ADD, sums, parameters, at, left);
  } else if (kind == BITS) {
    const at = y + (<usize>column >> 3);
    for (let i: usize = 0; i < 2; i++) {
      if (left <= <i32>(i << 5)) break;
      const low = i8x16.bitmask(holds16(sums + (i << 6), parameters + (i << 6)));
      const high = i8x16.bitmask(holds16(sums + (i << 6) + 32, parameters + (i << 6) + 32));
      store<i32>(at + (i << 2), low | (high << 16));
    }
  } else {
    for (let i: usize = 0; i < 4; i++) {
      const ones = v128.and(holds16(sums + (i << 5), parameters + (i << 5)), i8x16.splat(1));
      v128.store(y + <usize>column + (i << 4), ones);
    }
  }
}

/** Where a row of the result lies: rows may be told to go elsewhere. @param order i32 [rows], or 0: as they come */
@inline
function rowOf(order: usize, row: i32): usize {
  return <usize>(order == 0 ? row : load<i32>(order + (<usize>row << 2)));
}

@inline
function linear(
  kind: i32, rows: i32, columns: i32, depth: i32, a: usize, b: usize, parameters: usize,
  y: usize, stride: usize, order: usize, scratch: usize,
): void {
  const words = (depth + 31) >> 5;
  const rowBytes = <usize>words << 2;
  const base = i16x8.splat(<i16>depth);
  const tables = scratch, sums = scratch + TABLE_BYTES, counts = sums + 256;
  writeTables(false, tables);
  for (let row = 0; row < rows; row += 2) {
    const first = a + <usize>row * rowBytes;
    const two = row + 1 < rows;
    // Where the number of rows is odd, the last is computed twice, and written once.
    const second = two ? first + rowBytes : first;
    const y0 = y + rowOf(order, row) * stride;
    const y1 = two ? y + rowOf(order, row + 1) * stride : y0;
    let weights = b, by = parameters;
    for (let column = 0; column < columns; column += PANEL) {
      for (let word = 0; word < words; word += TILE) {
        const some = min(words - word, TILE);
        const at = <usize>word << 2;
        count64(tables, first + at, second + at, some, weights, counts, counts + 64);
        weights += <usize>(some << 3) * PANEL;
        accumulate(word == 0, base, -2, counts, sums);
        accumulate(word == 0, base, -2, counts + 64, sums + 128);
      }
      finish(kind, sums, by, y0, column, columns);
      if (two) finish(kind, sums + 128, by, y1, column, columns);
      by += 4 * PANEL;
    }
  }
}

/**
 * y_mo = s_o * sum_i a_mi w_oi
 *
 * @param depth K, at most 32767
 * @param b nibbles [ceil(columns / 64), words * 8, 64 bytes]
 * @param scale f32 [64 * panels]
 * @param stride bytes from one row of y to the next
 * @param scratch 640 bytes: the tables, and the sums and counts of two rows
 */
export function lookupSigns(
  rows: i32, columns: i32, depth: i32, a: usize, b: usize, scale: usize, y: usize, stride: usize, scratch: usize,
): void {
  linear(STORE, rows, columns, depth, a, b, scale, y, stride, 0, scratch);
}

/** y_(order m)o += s_o * sum_i a_mi w_oi; the rest as `lookupSigns` */
export function lookupAdd(
  rows: i32, columns: i32, depth: i32, a: usize, b: usize, scale: usize,
  y: usize, stride: usize, order: usize, scratch: usize,
): void {
  linear(ADD, rows, columns, depth, a, b, scale, y, stride, order, scratch);
}

/** y: bits, each row starting a word, leftover bits 0. @param limits i16 [panels, 2, 64]: from, upTo */
export function lookupBits(
  rows: i32, columns: i32, depth: i32, a: usize, b: usize, limits: usize, y: usize, stride: usize, scratch: usize,
): void {
  linear(BITS, rows, columns, depth, a, b, limits, y, stride, 0, scratch);
}

/** y: bytes of 0 and 1; rows have room for whole panels. @param limits i16 [panels, 2, 64]: from, upTo */
export function lookupBytes(
  rows: i32, columns: i32, depth: i32, a: usize, b: usize, limits: usize, y: usize, stride: usize, scratch: usize,
): void {
  linear(BYTES, rows, columns, depth, a, b, limits, y, stride, 0, scratch);
}
