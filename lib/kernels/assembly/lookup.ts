/**
 * The product of signs once more, for what is met by many rows (weights, the keys and values of a head): two to four times fewer
 * instructions than counting.
 *
 * The trick: what `i8x16.popcnt` does inside is look up each half byte (nibble) of a XOR w in a table of sixteen counts. Cutting the
 * nibbles out and the XOR cost more than the lookup. So keep each four weights as a byte of their own, and let the table know the
 * activation: for the nibble at hand, n, T_n[i] = popcount(n XOR i). One swizzle T_n[w] then handles 4 weights of 16 outputs, and
 * there are only sixteen tables, 256 bytes. (Table lookup in place of arithmetic: T-MAC, arXiv 2407.00088.) With
 * T_n[i] = popcount(n AND i) the same loop multiplies a mask of {0, 1} with bits.
 *
 * Weights take 8 bits for 4 signs here, twice the space of bits. Each table serves 64 outputs, and each weight two rows. A lookup is
 * at most 4, so bytes hold 63 of them: tiles of 7 words, 56 nibbles. `swizzle` must clear indices past 15, which costs an
 * instruction that `relaxed_swizzle` is spared; both give the same for the nibbles here, and the build makes a module of each.
 */

/** Words whose lookups fit in bytes: 7 * 8 * 4 = 224. */
export const TILE = 7;
/** Outputs side by side in a panel: a byte each for every nibble. */
export const PANEL: i32 = 64;
/** Sixteen tables of sixteen bytes. */
export const TABLE_BYTES: usize = 256;

/** T_n[i] = popcount(n XOR i) or, for masks, popcount(n AND i), n = 0 ... 15. */
@inline
export function writeTables(mask: bool, tables: usize): void {
  const i = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (let n = 0; n < 16; n++) {
    const own = i8x16.splat(<i8>n);
    v128.store(tables + (<usize>n << 4), i8x16.popcnt(mask ? v128.and(i, own) : v128.xor(i, own)));
  }
}

@inline
function lookup(table: v128, nibbles: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(table, nibbles) : i8x16.swizzle(table, nibbles);
}

/**
 * Bits of two rows -> for each nibble of the one and of the other, in turns, how many bytes its table lies behind the first: n << 4.
 *
 * @param out u8 [ceil(words / 2) * 2, 8, 2]; as many bytes of a row are read
 */
@inline
export function expandNibbles(a0: usize, a1: usize, words: i32, out: usize): void {
  const high = i8x16.splat(<i8>0xf0);
  for (let word = 0; word < words; word += 2) {
    const x0 = v128.load64_zero(a0), x1 = v128.load64_zero(a1);
    const low0 = v128.and(i16x8.shl(x0, 4), high), low1 = v128.and(i16x8.shl(x1, 4), high);
    const lows = i8x16.shuffle(low0, low1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const highs = v128.and(i8x16.shuffle(x0, x1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), high);
    v128.store(out, v128.shuffle<i16>(lows, highs, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(out, v128.shuffle<i16>(lows, highs, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    a0 += 8;
    a1 += 8;
    out += 32;
  }
}

/**
 * The counts of 64 outputs for two rows of at most `TILE` words.
 *
 * @param nibbles of both rows, as `expandNibbles` has them
 * @param weights nibbles [words * 8, 64 bytes]
 * @param counts0 u8 [64], of the first row
 */
@inline
export function count64(
  tables: usize, nibbles: usize, words: i32, weights: usize, counts0: usize, counts1: usize,
): void {
  let c0 = i8x16.splat(0), c1 = c0, c2 = c0, c3 = c0, d0 = c0, d1 = c0, d2 = c0, d3 = c0;
  const stop = weights + <usize>(words << 3) * PANEL;
  // Word by word: of one loop over all nibbles V8 makes slower code (by a quarter without relaxed SIMD).
  while (weights < stop) {
    const end = weights + 8 * PANEL;
    while (weights < end) {
      const table0 = v128.load(tables + <usize>load<u8>(nibbles)), table1 = v128.load(tables + <usize>load<u8>(nibbles, 1));
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
      nibbles += 2;
      weights += PANEL;
    }
  }
  v128.store(counts0, c0);
  v128.store(counts0, c1, 16);
  v128.store(counts0, c2, 32);
  v128.store(counts0, c3, 48);
  v128.store(counts1, d0);
  v128.store(counts1, d1, 16);
  v128.store(counts1, d2, 32);
  v128.store(counts1, d3, 48);
}

/** sums (i16 [64]) = (first ? base : sums) + factor * counts (u8 [64]); factor is -2 or 1 */
@inline
export function accumulate(first: bool, base: v128, factor: i32, counts: usize, sums: usize): void {
  for (let i: usize = 0; i < 4; i++) {
    const c = v128.load(counts + (i << 4));
    const low = i16x8.extend_low_i8x16_u(c), high = i16x8.extend_high_i8x16_u(c);
    const at = sums + (i << 5);
    const from = first ? base : v128.load(at), fromHigh = first ? base : v128.load(at, 16);
    v128.store(at, factor == 1 ? i16x8.add(from, low) : i16x8.sub(from, i16x8.add(low, low)));
    v128.store(at, factor == 1 ? i16x8.add(fromHigh, high) : i16x8.sub(fromHigh, i16x8.add(high, high)), 16);
  }
}
