/**
 * A matrix product of bits.
 *
 * The trick: of K signs held as bits (1 for +1), those that differ are the ones in a XOR b, and each takes the dot product from
 * +1 to -1. So sum_k s_a s_b = K - 2 popcount(a XOR b): 32 multiplications and additions in one XOR and one count. Where a is
 * {0, 1} (attention), sum_k a_k s_b = 2 popcount(a AND b) - popcount(a): those that agree less those that do not.
 *
 * The fast form. `b` lies in panels of 8 outputs x 32 bits, so two vector loads meet one word of `a`, spread over all lanes.
 * `i8x16.popcnt` counts within bytes; the counts stay in bytes for up to 31 words (31 * 8 = 248 < 256) and are widened to 32 bits
 * once at the end. Two rows share each load of b: eight counts would share more, but four already keep the processor busy.
 * (Carry-save adders in front of the count were tried, over 3, 6 and 8 words: 0.85 to 0.9 of this speed on x86-64, where the count
 * is six instructions and an adder five.) The sum is an integer until the very end, where one scale multiplies it.
 */

/** Words whose counts fit in bytes. */
const TILE = 31;

/** sum +- 2 * (the counts of each four bytes), in two instructions: pairs of bytes are added, then pairs of pairs times +-2. */
@inline
function addTwice(mask: bool, sum: v128, counts: v128): v128 {
  const pairs = i16x8.extadd_pairwise_i8x16_u(counts);
  return i32x4.add(sum, i32x4.dot_i16x8_s(pairs, i16x8.splat(mask ? 2 : -2)));
}

@inline
function scaled(sum: v128, scale: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(sum), scale);
}

@inline
function counted(mask: bool, a: v128, b: v128): v128 {
  return i8x16.popcnt(mask ? v128.and(a, b) : v128.xor(a, b));
}

/** Stores the first `count` of eight floats. */
@inline
function store8(out: usize, low: v128, high: v128, count: i32): void {
  if (count >= 8) {
    v128.store(out, low);
    v128.store(out, high, 16);
  } else storeSome(out, low, high, count);
}

function storeSome(out: usize, low: v128, high: v128, count: i32): void {
  if (count >= 4) {
    v128.store(out, low);
    out += 16;
    count -= 4;
    low = high;
  }
  if (count > 0) v128.store_lane<f32>(out, low, 0);
  if (count > 1) v128.store_lane<f32>(out + 4, low, 1);
  if (count > 2) v128.store_lane<f32>(out + 8, low, 2);
}

/** How many bits of a row are 1. */
@inline
function ones(a: usize, words: i32): i32 {
  let sum = 0;
  for (let word = 0; word < words; word++) sum += popcnt(load<i32>(a + (<usize>word << 2)));
  return sum;
}

/**
 * y_mn = scale_n * (base + ofOnes * popcount(a_m) + offset_n +- 2 popcount(a_m ? b_n)), ? the AND of a mask, else the XOR
 *
 * @param offsets i32 [8 * panels]; 0 for none
 * @param scaleStep bytes from one panel's scales to the next: 32, or 0 where one scale, written four times, is for all
 * @param stride bytes from one row of y to the next
 */
@inline
function multiply(
  mask: bool, rows: i32, columns: i32, words: i32, a: usize, b: usize, base: i32, ofOnes: i32,
  offsets: usize, scale: usize, scaleStep: usize, y: usize, stride: usize,
): void {
  const rowBytes = <usize>words << 2;
  for (let row = 0; row < rows; row += 2) {
    const first = a + <usize>row * rowBytes;
    const y0 = y + <usize>row * stride;
    // Where the number of rows is odd, the last is computed twice.
    const next: usize = row + 1 < rows ? rowBytes : 0;
    const y1: usize = row + 1 < rows ? y0 + stride : y0;
    const base0 = i32x4.splat(base + (ofOnes == 0 ? 0 : ofOnes * ones(first, words)));
    const base1 = i32x4.splat(base + (ofOnes == 0 ? 0 : ofOnes * ones(first + next, words)));
    let panel = b;
    for (let column = 0; column < columns; column += 8) {
      let sum0 = base0, sum1 = base0, sum2 = base1, sum3 = base1;
      if (offsets != 0) {
        const low = v128.load(offsets + (<usize>column << 2)), high = v128.load(offsets + (<usize>column << 2), 16);
        sum0 = i32x4.add(sum0, low);
        sum1 = i32x4.add(sum1, high);
        sum2 = i32x4.add(sum2, low);
        sum3 = i32x4.add(sum3, high);
      }
      let at = first;
      for (let left = words; left > 0; left -= TILE) {
        let c0 = i8x16.splat(0), c1 = c0, c2 = c0, c3 = c0;
        const end = panel + (<usize>min(left, TILE) << 5);
        while (panel < end) {
          const low = v128.load(panel), high = v128.load(panel, 16);
          const word0 = v128.load32_splat(at), word1 = v128.load32_splat(at + next);
          c0 = i8x16.add(c0, counted(mask, word0, low));
          c1 = i8x16.add(c1, counted(mask, word0, high));
          c2 = i8x16.add(c2, counted(mask, word1, low));
          c3 = i8x16.add(c3, counted(mask, word1, high));
          panel += 32;
          at += 4;
        }
        sum0 = addTwice(mask, sum0, c0);
        sum1 = addTwice(mask, sum1, c1);
        sum2 = addTwice(mask, sum2, c2);
        sum3 = addTwice(mask, sum3, c3);
      }
      const scales = scale + <usize>(column >> 3) * scaleStep;
      const low = v128.load(scales), high = scaleStep == 0 ? low : v128.load(scales, 16);
      const to = <usize>column << 2;
      store8(y0 + to, scaled(sum0, low), scaled(sum1, high), columns - column);
      store8(y1 + to, scaled(sum2, low), scaled(sum3, high), columns - column);
    }
  }
}

/**
 * y_mn = scale_n * sum_k (s_a - z_a)(s_b - z_b), which is, with S_a and S_b the sums of the signs,
 *      = scale_n * (K - 2 popcount(a XOR b) - z_b S_a - z_a S_b + K z_a z_b);   S_a = 2 popcount(a) - K.
 *
 * @param offsets -z_a S_b of each column, as `sumPanels` writes them; 0 where z_a is 0
 */
export function multiplySigns(
  rows: i32, columns: i32, depth: i32, a: usize, b: usize, zeroA: i32, zeroB: i32,
  offsets: usize, scale: usize, scaleStep: usize, y: usize, stride: usize,
): void {
  const base = depth + zeroB * depth + depth * zeroA * zeroB;
  multiply(false, rows, columns, (depth + 31) >> 5, a, b, base, -2 * zeroB, offsets, scale, scaleStep, y, stride);
}

/** y_mn = scale_n * sum_k a_k (s_b - z_b), a_k in {0, 1};  = scale_n * (2 popcount(a AND b) - (1 + z_b) popcount(a)). */
export function multiplyMask(
  rows: i32, columns: i32, depth: i32, a: usize, b: usize, zeroB: i32,
  scale: usize, scaleStep: usize, y: usize, stride: usize,
): void {
  multiply(true, rows, columns, (depth + 31) >> 5, a, b, 0, -(1 + zeroB), 0, scale, scaleStep, y, stride);
}

/** factor * (sum of the signs) of each column that lies in panels -> i32 [8 * panels] */
export function sumPanels(columns: i32, depth: i32, b: usize, factor: i32, out: usize): void {
  const words = (depth + 31) >> 5;
  for (let column = 0; column < (columns + 7) >> 3 << 3; column++) {
    const lane = b + (<usize>((column >> 3) * words * 8 + (column & 7)) << 2);
    let sum = 0;
    for (let word = 0; word < words; word++) sum += popcnt(load<i32>(lane + (<usize>word << 5)));
    store<i32>(out + (<usize>column << 2), factor * (2 * sum - depth));
  }
}
