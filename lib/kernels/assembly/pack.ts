/**
 * From numbers to bits.
 *
 * The trick: comparing a vector of four floats with a threshold gives four lanes of all ones or all zeros. Narrowed from 32 to
 * 16 to 8 bits a lane, sixteen comparisons stand in one vector, and `bitmask` collects the top bit of each lane: sixteen bits in
 * one instruction. To pack columns (bit t of a word from row t) no collecting is needed: each comparison, masked with 1 << t, is
 * or-ed into eight words at once, and these eight words already are a panel.
 *
 * A comparison with NaN is false, so NaN packs as 0, the bit of -1. -0 >= 0 is true: q(0) = q(-0) = +1.
 */

/** Which numbers become a 1. */
const SIGN = 0; // x >= 0
const SIGN_ALPHA = 1; // x / alpha + z >= 0
const ELASTIC = 2; // p / alpha > 0.5: half rounds to even, to 0

/** Four lanes of all ones where the rule holds. `rule` is constant wherever this is inlined, so that one branch remains. */
@inline
function holds(rule: i32, x: v128, alpha: v128, zero: v128): v128 {
  if (rule == SIGN) return f32x4.ge(x, f32x4.splat(0));
  if (rule == SIGN_ALPHA) return f32x4.ge(f32x4.add(f32x4.div(x, alpha), zero), f32x4.splat(0));
  return f32x4.gt(f32x4.div(x, alpha), f32x4.splat(0.5));
}

/** The bits of 16 numbers. */
@inline
function bits16(rule: i32, x: usize, alpha: v128, zero: v128): i32 {
  const low = i16x8.narrow_i32x4_s(holds(rule, v128.load(x), alpha, zero), holds(rule, v128.load(x, 16), alpha, zero));
  const high = i16x8.narrow_i32x4_s(holds(rule, v128.load(x, 32), alpha, zero), holds(rule, v128.load(x, 48), alpha, zero));
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

/** Row by row, least significant bit first; each row starts a new word, and what its last word has left over is 0. */
@inline
function packRows(rule: i32, rows: i32, columns: i32, x: usize, stride: usize, alpha: f32, zero: f32, out: usize): void {
  const alphas = f32x4.splat(alpha), zeros = f32x4.splat(zero);
  for (let row = 0; row < rows; row++) {
    let at = x + <usize>row * stride;
    let left = columns;
    for (; left >= 32; left -= 32) {
      store<i32>(out, bits16(rule, at, alphas, zeros) | (bits16(rule, at + 64, alphas, zeros) << 16));
      at += 128;
      out += 4;
    }
    if (left > 0) {
      let word = 0;
      for (let bit = 0; bit < left; bit++) {
        word |= (i32x4.extract_lane(holds(rule, v128.load32_splat(at), alphas, zeros), 0) & 1) << bit;
        at += 4;
      }
      store<i32>(out, word);
      out += 4;
    }
  }
}

/** @param stride bytes from one row of x to the next */
export function packSigns(rows: i32, columns: i32, x: usize, stride: usize, out: usize): void {
  packRows(SIGN, rows, columns, x, stride, 1, 0, out);
}

export function packSignAlpha(rows: i32, columns: i32, x: usize, stride: usize, alpha: f32, zero: f32, out: usize): void {
  packRows(SIGN_ALPHA, rows, columns, x, stride, alpha, zero, out);
}

export function packElastic(rows: i32, columns: i32, p: usize, stride: usize, alpha: f32, out: usize): void {
  packRows(ELASTIC, rows, columns, p, stride, alpha, 0, out);
}

/** [rows, words] -> panels [ceil(rows / 8), words, 8]: word w of eight rows side by side; rows that do not exist are 0. */
export function packPanels(rows: i32, words: i32, bits: usize, out: usize): void {
  for (let row = 0; row < rows; row += 8) {
    for (let word = 0; word < words; word++) {
      for (let lane = 0; lane < 8; lane++) {
        const at = bits + (<usize>((row + lane) * words + word) << 2);
        store<i32>(out, row + lane < rows ? load<i32>(at) : 0);
        out += 4;
      }
    }
  }
}

/** x [rows, columns] -> panels of its columns [ceil(columns / 8), ceil(rows / 32), 8], by the rule of `packSignAlpha`. */
export function packColumns(rows: i32, columns: i32, x: usize, stride: usize, alpha: f32, zero: f32, out: usize): void {
  const alphas = f32x4.splat(alpha), zeros = f32x4.splat(zero);
  for (let column = 0; column < columns; column += 8) {
    const whole = columns - column >= 8;
    for (let row = 0; row < rows; row += 32) {
      let low = i32x4.splat(0), high = low;
      let at = x + <usize>row * stride + (<usize>column << 2);
      for (let bit = 0; bit < min(32, rows - row); bit++) {
        const mask = i32x4.splat(1 << bit);
        if (whole) {
          low = v128.or(low, v128.and(mask, holds(SIGN_ALPHA, v128.load(at), alphas, zeros)));
          high = v128.or(high, v128.and(mask, holds(SIGN_ALPHA, v128.load(at, 16), alphas, zeros)));
        } else {
          // A column that does not exist: NaN, which packs as 0.
          low = v128.or(low, v128.and(mask, holds(SIGN_ALPHA, upTo4(at, columns - column), alphas, zeros)));
          high = v128.or(high, v128.and(mask, holds(SIGN_ALPHA, upTo4(at + 16, columns - column - 4), alphas, zeros)));
        }
        at += stride;
      }
      v128.store(out, low);
      v128.store(out, high, 16);
      out += 32;
    }
  }
}

/** Four floats, of which only `count` exist; the others are NaN. */
function upTo4(at: usize, count: i32): v128 {
  let x = f32x4.splat(f32.NaN);
  if (count > 0) x = v128.load_lane<f32>(at, x, 0);
  if (count > 1) x = v128.load_lane<f32>(at + 4, x, 1);
  if (count > 2) x = v128.load_lane<f32>(at + 8, x, 2);
  if (count > 3) x = v128.load_lane<f32>(at + 12, x, 3);
  return x;
}
