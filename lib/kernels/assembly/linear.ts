/**
 * A linear layer on bits, and what its sums n = K - 2 popcount(a XOR w) become without ever being written out as they are:
 *
 *     store   y = s_o n
 *     add     y = y + s_o n                     (a residual)
 *     bits    n >= from_o  or  n <= upTo_o      (a sign of something that follows: see `../sum-signs.ts`), a bit each
 *     bytes   the same, a byte each
 */
import { accumulate, count64, expandNibbles, PANEL, TABLE_BYTES, TILE, writeTables } from './lookup';

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

/** As `holds16`, of counts that fit in a byte: c <= most or c >= least. @param limits u8 most + 1 [64], least + 1 [64] */
@inline
function holdsByte16(counts: usize, limits: usize): v128 {
  const next = i8x16.add(v128.load(counts), i8x16.splat(1));
  return v128.or(i8x16.le_u(next, v128.load(limits)), i8x16.ge_u(next, v128.load(limits, 64)));
}

/** @param y of the row; the panel's place in it follows from `column` */
@inline
function finish(kind: i32, bytes: bool, sums: usize, parameters: usize, y: usize, column: i32, columns: i32): void {
  const left = columns - column;
  if (kind == STORE || kind == ADD) {
    const at = y + (<usize>column << 2);
    if (left >= PANEL) scale64(kind == ADD, sums, parameters, at);
    else scaleSome(kind == ADD, sums, parameters, at, left);
  } else if (kind == BITS) {
    const at = y + (<usize>column >> 3);
    for (let i: usize = 0; i < 2; i++) {
      if (left <= <i32>(i << 5)) break;
      const low = i8x16.bitmask(sixteen(bytes, 2 * i, sums, parameters));
      const high = i8x16.bitmask(sixteen(bytes, 2 * i + 1, sums, parameters));
      store<i32>(at + (i << 2), low | (high << 16));
    }
  } else {
    for (let i: usize = 0; i < 4; i++) {
      const ones = v128.and(sixteen(bytes, i, sums, parameters), i8x16.splat(1));
      v128.store(y + <usize>column + (i << 4), ones);
    }
  }
}

/** The i-th sixteen of a panel's outputs. */
@inline
function sixteen(bytes: bool, i: usize, sums: usize, limits: usize): v128 {
  return bytes ? holdsByte16(sums + (i << 4), limits + (i << 4)) : holds16(sums + (i << 5), limits + (i << 5));
}

/** Where a row of the result lies: rows may be told to go elsewhere. @param order i32 [rows], or 0: as they come */
@inline
function rowOf(order: usize, row: i32): usize {
  return <usize>(order == 0 ? row : load<i32>(order + (<usize>row << 2)));
}

@inline
function linear(
  kind: i32, bytes: bool, rows: i32, columns: i32, depth: i32, a: usize, b: usize, parameters: usize,
  y: usize, stride: usize, order: usize, scratch: usize,
): void {
  const words = (depth + 31) >> 5;
  const rowBytes = <usize>words << 2;
  const base = i16x8.splat(<i16>depth);
  const tables = scratch, sums = scratch + TABLE_BYTES, counts = sums + 256, nibbles = counts + 128;
  writeTables(false, tables);
  for (let row = 0; row < rows; row += 2) {
    const first = a + <usize>row * rowBytes;
    const two = row + 1 < rows;
    // Where the number of rows is odd, the last is computed twice, and written once.
    const second = two ? first + rowBytes : first;
    const y0 = y + rowOf(order, row) * stride;
    const y1 = two ? y + rowOf(order, row + 1) * stride : y0;
    expandNibbles(first, second, words, nibbles);
    let weights = b, by = parameters;
    for (let column = 0; column < columns; column += PANEL) {
      for (let word = 0; word < words; word += TILE) {
        const some = min(words - word, TILE);
        count64(tables, nibbles + (<usize>word << 4), some, weights, counts, counts + 64);
        weights += <usize>(some << 3) * PANEL;
        if (bytes) break;
        accumulate(word == 0, base, -2, counts, sums);
        accumulate(word == 0, base, -2, counts + 64, sums + 128);
      }
      finish(kind, bytes, bytes ? counts : sums, by, y0, column, columns);
      if (two) finish(kind, bytes, bytes ? counts + 64 : sums + 128, by, y1, column, columns);
      by += bytes ? 2 * PANEL : 4 * PANEL;
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
 * @param scratch 672 + 16 * words bytes: the tables, and of two rows the sums, counts and nibbles
 */
export function lookupSigns(
  rows: i32, columns: i32, depth: i32, a: usize, b: usize, scale: usize, y: usize, stride: usize, scratch: usize,
): void {
  linear(STORE, false, rows, columns, depth, a, b, scale, y, stride, 0, scratch);
}

/** y_(order m)o += s_o * sum_i a_mi w_oi; the rest as `lookupSigns` */
export function lookupAdd(
  rows: i32, columns: i32, depth: i32, a: usize, b: usize, scale: usize,
  y: usize, stride: usize, order: usize, scratch: usize,
): void {
  linear(ADD, false, rows, columns, depth, a, b, scale, y, stride, order, scratch);
}

/**
 * y: bits, each row starting a word, leftover bits 0.
 *
 * @param limits up to a depth of 224 (one tile), where counts need no widening: u8 [panels, 2, 64], a bit where
 *   count < limit_0 or count + 1 >= limit_1; else i16 [panels, 2, 64]: from, upTo
 */
export function lookupBits(
  rows: i32, columns: i32, depth: i32, a: usize, b: usize, limits: usize, y: usize, stride: usize, scratch: usize,
): void {
  if (depth <= TILE * 32) linear(BITS, true, rows, columns, depth, a, b, limits, y, stride, 0, scratch);
  else linear(BITS, false, rows, columns, depth, a, b, limits, y, stride, 0, scratch);
}

/** y: bytes of 0 and 1; rows have room for whole panels. @param limits as `lookupBits` */
export function lookupBytes(
  rows: i32, columns: i32, depth: i32, a: usize, b: usize, limits: usize, y: usize, stride: usize, scratch: usize,
): void {
  if (depth <= TILE * 32) linear(BYTES, true, rows, columns, depth, a, b, limits, y, stride, 0, scratch);
  else linear(BYTES, false, rows, columns, depth, a, b, limits, y, stride, 0, scratch);
}
