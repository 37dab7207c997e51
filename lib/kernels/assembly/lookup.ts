/**
 * The product of signs once more, for weights that stay: two to four times fewer instructions than counting.
 *
 * The trick: what `i8x16.popcnt` does inside is look up each half byte (nibble) of a XOR w in a table of sixteen counts. Cutting the
 * nibbles out and the XOR cost more than the lookup. So keep each four weights as a byte of their own, and let the table know the
 * activation: for the nibble at hand, n, T_n[i] = popcount(n XOR i). One swizzle T_n[w] then handles 4 weights of 16 outputs, and
 * there are only sixteen tables, 256 bytes. (Table lookup in place of arithmetic: T-MAC, arXiv 2407.00088.)
 *
 * Weights take 8 bits for 4 signs here, twice the space of bits. Each table serves 64 outputs, and each weight two rows. A lookup is
 * at most 4, so bytes hold 63 of them: tiles of 7 words, 56 nibbles. `swizzle` must clear indices past 15, which costs an
 * instruction that `relaxed_swizzle` is spared; both give the same for the nibbles here, and the build makes a module of each.
 */

/** Words whose lookups fit in bytes: 7 * 8 * 4 = 224. */
const TILE = 7;
/** Bytes of a panel's nibble: one for each of its outputs. */
const PANEL: i32 = 64;

/** T_n[i] = popcount(n XOR i) for n = 0 ... 15, 16 bytes each. */
@inline
function writeTables(tables: usize): void {
  const i = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (let n = 0; n < 16; n++) v128.store(tables + (<usize>n << 4), i8x16.popcnt(v128.xor(i, i8x16.splat(<i8>n))));
}

@inline
function lookup(table: v128, nibbles: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(table, nibbles) : i8x16.swizzle(table, nibbles);
}

/** The table of the lowest nibble of `word`. */
@inline
function tableOf(tables: usize, word: u32): v128 {
  return v128.load(tables + (<usize>(word & 15) << 4));
}

/** sums (i16, of 16 outputs) = (first ? base : sums) - 2 counts */
@inline
function subtractTwice(first: bool, base: v128, counts: v128, sums: usize): void {
  const low = i16x8.extend_low_i8x16_u(counts), high = i16x8.extend_high_i8x16_u(counts);
  v128.store(sums, i16x8.sub(first ? base : v128.load(sums), i16x8.add(low, low)));
  v128.store(sums, i16x8.sub(first ? base : v128.load(sums, 16), i16x8.add(high, high)), 16);
}

/** y = scale * sums, for the 64 outputs of a panel */
@inline
function scale64(sums: usize, scale: usize, y: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    const sum = v128.load(sums + (i << 4));
    const at = y + (i << 5), by = scale + (i << 5);
    v128.store(at, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(sum)), v128.load(by)));
    v128.store(at, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(sum)), v128.load(by, 16)), 16);
  }
}

/**
 * y_mn = scale_n * (K - 2 popcount(a_m XOR b_n))
 *
 * @param depth K, at most 32767
 * @param b nibbles [ceil(columns / 64), words * 8, 64 bytes]
 * @param scale f32 [64 * panels]
 * @param stride bytes from one row of y to the next
 * @param scratch 768 bytes: the tables, the sums of two rows, and the outputs of a panel that is not full
 */
export function lookupSigns(
  rows: i32, columns: i32, depth: i32, a: usize, b: usize, scale: usize, y: usize, stride: usize, scratch: usize,
): void {
  const words = (depth + 31) >> 5;
  const rowBytes = <usize>words << 2;
  const base = i16x8.splat(<i16>depth);
  const tables = scratch, sums = scratch + 256, rest = scratch + 512;
  writeTables(tables);
  for (let row = 0; row < rows; row += 2) {
    const first = a + <usize>row * rowBytes;
    // Where the number of rows is odd, the last is computed twice.
    const next: usize = row + 1 < rows ? rowBytes : 0;
    const y0 = y + <usize>row * stride;
    const y1: usize = row + 1 < rows ? y0 + stride : y0;
    let weights = b;
    for (let column = 0; column < columns; column += PANEL) {
      let at = first;
      for (let left = words; left > 0; left -= TILE) {
        let c0 = i8x16.splat(0), c1 = c0, c2 = c0, c3 = c0, d0 = c0, d1 = c0, d2 = c0, d3 = c0;
        const end = at + (<usize>min(left, TILE) << 2);
        while (at < end) {
          let word0 = load<u32>(at), word1 = load<u32>(at + next);
          at += 4;
          const stop = weights + 8 * PANEL;
          while (weights < stop) {
            const table0 = tableOf(tables, word0), table1 = tableOf(tables, word1);
            word0 >>= 4;
            word1 >>= 4;
            let w = v128.load(weights);
            c0 = i8x16.add(c0, lookup(table0, w));
            d0 = i8x16.add(d0, lookup(table1, w));
            w = v128.load(weights, 16);
            c1 = i8x16.add(c1, lookup(table0, w));
            d1 = i8x16.add(d1, lookup(table1, w));
            w = v128.load(weights, 32);
            c2 = i8x16.add(c2, lookup(table0, w));
            d2 = i8x16.add(d2, lookup(table1, w));
            w = v128.load(weights, 48);
            c3 = i8x16.add(c3, lookup(table0, w));
            d3 = i8x16.add(d3, lookup(table1, w));
            weights += PANEL;
          }
        }
        const start = left == words;
        subtractTwice(start, base, c0, sums);
        subtractTwice(start, base, c1, sums + 32);
        subtractTwice(start, base, c2, sums + 64);
        subtractTwice(start, base, c3, sums + 96);
        subtractTwice(start, base, d0, sums + 128);
        subtractTwice(start, base, d1, sums + 160);
        subtractTwice(start, base, d2, sums + 192);
        subtractTwice(start, base, d3, sums + 224);
      }
      const to = <usize>column << 2;
      const scales = scale + to;
      const count = columns - column;
      if (count >= PANEL) {
        scale64(sums, scales, y0 + to);
        scale64(sums + 128, scales, y1 + to);
      } else {
        scale64(sums, scales, rest);
        memory.copy(y0 + to, rest, <usize>count << 2);
        scale64(sums + 128, scales, rest);
        memory.copy(y1 + to, rest, <usize>count << 2);
      }
    }
  }
}
