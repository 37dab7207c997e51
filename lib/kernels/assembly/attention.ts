/**
 * A head's attention, from the bits of q, k and v to the bits of what `proj` is fed. Neither scores nor softmax nor their product with
 * v is ever written out (unless somebody wants to see them).
 *
 * The trick: q . k is D - 2c where c signs differ, so a row has at most D + 1 different scores, and the row's shares are
 * e^(s_c - s_max) from a table of them, summed over the row and compared: the elastic binarizer alpha * round(clip(p / alpha, 0, 1))
 * is alpha where e^(s - s_max) > (alpha / 2) * sum. Since the score falls with c, that is a comparison of bytes: c <= some c*. Where a bias is
 * added to the scores (Swin) the exponentials are computed.
 *
 * The product of the mask with v is 2 popcount(a AND v) - popcount(a), of which `proj` needs the sign: popcount(a AND v) >= popcount(a) / 2.
 */
import { accumulate, count64, expandNibbles, PANEL, TABLE_BYTES, TILE, writeTables } from './lookup';

/** Raises the counts of keys that do not exist, in the last panel. @param missing u8 [64], 255 for those */
@inline
function hideMissing(counts: usize, missing: usize): void {
  for (let i: usize = 0; i < 64; i += 16) v128.store(counts + i, v128.or(v128.load(counts + i), v128.load(missing + i)));
}

/** The smallest of `bytes` u8, a multiple of 16. */
@inline
function smallest(counts: usize, bytes: i32): i32 {
  let least = v128.load(counts);
  for (let at = 16; at < bytes; at += 16) least = i8x16.min_u(least, v128.load(counts + <usize>at));
  least = i8x16.min_u(least, v128.shuffle<i64>(least, least, 1, 0));
  least = i8x16.min_u(least, v128.shuffle<i32>(least, least, 1, 0, 3, 2));
  least = i8x16.min_u(least, v128.shuffle<i16>(least, least, 1, 0, 3, 2, 5, 4, 7, 6));
  return min(<i32>i8x16.extract_lane_u(least, 0), <i32>i8x16.extract_lane_u(least, 1));
}

/** The sum over the keys, in four partial sums (keys 0, 4, ..; 1, 5, ..; ...), of exps[counts]. */
@inline
function sumOfExps(tokens: i32, counts: usize, exps: usize): f32 {
  let s0: f32 = 0, s1: f32 = 0, s2: f32 = 0, s3: f32 = 0;
  const whole = counts + <usize>(tokens & -4), end = counts + <usize>tokens;
  for (; counts < whole; counts += 4) {
    const four = load<u32>(counts);
    s0 += load<f32>(exps + <usize>((four & 255) << 2));
    s1 += load<f32>(exps + <usize>((four >> 6) & 1020));
    s2 += load<f32>(exps + <usize>((four >> 14) & 1020));
    s3 += load<f32>(exps + <usize>((four >> 22) & 1020));
  }
  for (; counts < end; counts++) s0 += load<f32>(exps + (<usize>load<u8>(counts) << 2));
  return (s0 + s1) + (s2 + s3);
}

/**
 * Bits of a row, 1 where its share of the attention is more than alpha / 2.
 *
 * @param counts u8 [tokens], filled up with 255 to whole panels
 * @param exps f32 [size + 1, size + 1]: e^(s_c - s_least) for each least count and each count
 * @returns the sum of the row's exponentials
 */
@inline
function binarizeCounts(tokens: i32, size: i32, counts: usize, exps: usize, alpha: f32, bits: usize): f32 {
  const bytes = (tokens + 63) & -64;
  const least = smallest(counts, bytes);
  const row = exps + <usize>(least * (size + 1) << 2);
  const sum = sumOfExps(tokens, counts, row);
  const cut = alpha * 0.5 * sum;
  let last = least;
  while (last <= size && load<f32>(row + (<usize>last << 2)) > cut) last++;
  const none = last == least;
  const limit = i8x16.splat(<i8>(last - 1));
  for (let at = 0; at < bytes; at += 16) {
    const ones = none ? 0 : i8x16.bitmask(i8x16.le_u(v128.load(counts + <usize>at), limit));
    store<u16>(bits + (<usize>at >> 3), <u16>ones);
  }
  return sum;
}

/** e^x for x <= 0, within 2e-7 of it; 2^n times a polynomial on [-ln 2 / 2, ln 2 / 2]. */
@inline
function exp4(x: v128): v128 {
  x = f32x4.max(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(<f32>(1.0 / 720.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>(1.0 / 120.0)));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>(1.0 / 24.0)));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>(1.0 / 6.0)));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/** Four counts -> their scores. */
@inline
function scores4(counts: usize, size: i32, scale: v128, root: v128, bias: usize): v128 {
  const c = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(counts)));
  const n = i32x4.sub(i32x4.splat(size), i32x4.add(c, c));
  return f32x4.add(f32x4.div(f32x4.mul(f32x4.convert_i32x4_s(n), scale), root), v128.load(bias));
}

/** As `binarizeCounts`, with a bias. @param bias f32 [tokens] @param exps f32 [tokens + 3], the exponentials on return */
@inline
function binarizeBiased(
  tokens: i32, size: i32, counts: usize, scale: f32, root: f32, bias: usize, exps: usize, alpha: f32, bits: usize,
): f32 {
  const scales = f32x4.splat(scale), roots = f32x4.splat(root);
  let most = f32x4.splat(-f32.MAX_VALUE);
  let at: usize = 0;
  const whole = <usize>(tokens & -4), end = <usize>tokens;
  for (; at < whole; at += 4) {
    const s = scores4(counts + at, size, scales, roots, bias + (at << 2));
    most = f32x4.max(most, s);
    v128.store(exps + (at << 2), s);
  }
  let highest = max(max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)));
  for (; at < end; at++) {
    const n = <f32>(size - 2 * <i32>load<u8>(counts + at));
    const s = n * scale / root + load<f32>(bias + (at << 2));
    highest = max(highest, s);
    store<f32>(exps + (at << 2), s);
  }
  const least = f32x4.splat(highest);
  let sums = f32x4.splat(0);
  for (at = 0; at < whole; at += 4) {
    const e = exp4(f32x4.sub(v128.load(exps + (at << 2)), least));
    sums = f32x4.add(sums, e);
    v128.store(exps + (at << 2), e);
  }
  let first = f32x4.extract_lane(sums, 0);
  for (; at < end; at++) {
    const e = f32x4.extract_lane(exp4(f32x4.splat(load<f32>(exps + (at << 2)) - highest)), 0);
    first += e;
    store<f32>(exps + (at << 2), e);
  }
  const sum = (first + f32x4.extract_lane(sums, 1)) + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  const cut = alpha * 0.5 * sum;
  for (let word: usize = 0; word < end; word += 32) {
    let mask = 0;
    const stop = min(<usize>32, end - word);
    for (let bit: usize = 0; bit < stop; bit++)
      mask |= i32(load<f32>(exps + ((word + bit) << 2)) > cut) << <i32>bit;
    store<i32>(bits + (word >> 3), mask);
  }
  return sum;
}

/** The bit of 64 channels where popcount(a AND v) >= popcount(a) / 2, as bytes of 0 and 1. */
@inline
function writeSigns(sums: usize, ones: i32, out: usize, count: i32): void {
  const half = i16x8.splat(<i16>((ones + 1) >> 1));
  for (let i: usize = 0; i < 4; i++) {
    const left = count - <i32>(i << 4);
    if (left <= 0) break;
    const low = i16x8.ge_s(v128.load(sums + (i << 5)), half), high = i16x8.ge_s(v128.load(sums + (i << 5), 16), half);
    const signs = v128.and(i8x16.narrow_i16x8_s(low, high), i8x16.splat(1));
    const at = out + (i << 4);
    if (left >= 16) v128.store(at, signs);
    else {
      v128.store(sums, signs);
      memory.copy(at, sums, <usize>left);
    }
  }
}

@inline
function onesOf(bits: usize, words: i32): i32 {
  let sum = 0;
  for (let word = 0; word < words; word++) sum += popcnt(load<i32>(bits + (<usize>word << 2)));
  return sum;
}

/** Writes a row of scores, of the softmax and of its binarized form where somebody wants to see them. */
function recordRow(
  tokens: i32, size: i32, counts: usize, exps: usize, byKey: bool, scale: f32, root: f32, bias: usize,
  sum: f32, alpha: f32, bits: usize, record: usize, step: usize,
): void {
  for (let token: usize = 0; token < <usize>tokens; token++) {
    const c = <i32>load<u8>(counts + token);
    const score = <f32>(size - 2 * c) * scale / root + (bias == 0 ? <f32>0 : load<f32>(bias + (token << 2)));
    const e = load<f32>(exps + ((byKey ? token : <usize>c) << 2));
    const bit = (load<u32>(bits + ((token >> 5) << 2)) >> (<u32>token & 31)) & 1;
    const at = record + (token << 2);
    store<f32>(at, score);
    store<f32>(at + step, e / sum);
    store<f32>(at + 2 * step, bit ? alpha : 0);
  }
}

/**
 * All queries of one head: bits of q, panels of k and v -> the signs of (attention x v), bytes of 0 and 1 [tokens, size].
 *
 * @param size D, at most 224
 * @param q bits; `qStride` bytes from one query's words to the next one's
 * @param keys nibbles [ceil(tokens / 64), 8 * ceil(size / 32), 64]
 * @param values nibbles [ceil(size / 64), 8 * ceil(tokens / 32), 64]
 * @param exps f32 [size + 1, size + 1], see `binarizeCounts`; unused with a bias
 * @param scale of q . k, before 1 / root
 * @param bias f32 [tokens, tokens], or 0
 * @param record f32 [tokens, tokens] for the scores, and `recordStep` and twice as many bytes on for softmax and attention; 0: none
 * @param scratch 1088 + 144 * ceil(tokens / 64) + 8 * (tokens + 3) + 16 * (words of the larger of size and tokens) bytes
 */
export function attend(
  tokens: i32, size: i32, q: usize, qStride: usize, keys: usize, values: usize, exps: usize, alpha: f32,
  scale: f32, root: f32, bias: usize, out: usize, outStride: usize, record: usize, recordStep: usize, scratch: usize,
): void {
  const words = (size + 31) >> 5, keyWords = (tokens + 31) >> 5, panels = (tokens + 63) >> 6;
  const differ = scratch, both = differ + TABLE_BYTES, sums = both + TABLE_BYTES, counts = sums + 256;
  const perKey0 = counts + 128;
  const perKey1 = perKey0 + <usize>(panels << 6), bits0 = perKey1 + <usize>(panels << 6);
  const bits1 = bits0 + <usize>(panels << 3), own0 = bits1 + <usize>(panels << 3);
  const own1 = own0 + <usize>((tokens + 3) & -4) * 4;
  const keyBytes = <usize>(words << 3) * PANEL, rowBytes = <usize>tokens << 2;
  const last = <usize>((panels - 1) << 6), missing = own1 + <usize>((tokens + 3) & -4) * 4;
  const nibbles = missing + <usize>PANEL;
  writeTables(false, differ);
  writeTables(true, both);
  for (let i = 0; i < PANEL; i++) store<u8>(missing + <usize>i, <i32>last + i < tokens ? 0 : 255);
  for (let row = 0; row < tokens; row += 2) {
    const two = row + 1 < tokens;
    const q0 = q + <usize>row * qStride, q1 = two ? q0 + qStride : q0;
    expandNibbles(q0, q1, words, nibbles);
    for (let panel: usize = 0; panel < <usize>panels; panel++) {
      count64(differ, nibbles, words, keys + panel * keyBytes, perKey0 + (panel << 6), perKey1 + (panel << 6));
    }
    hideMissing(perKey0 + last, missing);
    hideMissing(perKey1 + last, missing);
    const biasStep: usize = bias != 0 && two ? rowBytes : 0;
    const bias0: usize = bias != 0 ? bias + <usize>row * rowBytes : 0, bias1 = bias0 + biasStep;
    const sum0 = bias == 0
      ? binarizeCounts(tokens, size, perKey0, exps, alpha, bits0)
      : binarizeBiased(tokens, size, perKey0, scale, root, bias0, own0, alpha, bits0);
    const sum1 = bias == 0
      ? binarizeCounts(tokens, size, perKey1, exps, alpha, bits1)
      : binarizeBiased(tokens, size, perKey1, scale, root, bias1, own1, alpha, bits1);
    if (record != 0) {
      const at = record + <usize>row * rowBytes;
      const e0 = bias != 0 ? own0 : exps + <usize>(smallest(perKey0, panels << 6) * (size + 1) << 2);
      const e1 = bias != 0 ? own1 : exps + <usize>(smallest(perKey1, panels << 6) * (size + 1) << 2);
      recordRow(tokens, size, perKey0, e0, bias != 0, scale, root, bias0, sum0, alpha, bits0, at, recordStep);
      if (two)
        recordRow(tokens, size, perKey1, e1, bias != 0, scale, root, bias1, sum1, alpha, bits1, at + rowBytes, recordStep);
    }
    const ones0 = onesOf(bits0, keyWords), ones1 = onesOf(bits1, keyWords);
    const to = out + <usize>row * outStride;
    expandNibbles(bits0, bits1, keyWords, nibbles);
    let panel = values;
    for (let channel = 0; channel < size; channel += PANEL) {
      for (let word = 0; word < keyWords; word += TILE) {
        const some = min(keyWords - word, TILE);
        count64(both, nibbles + (<usize>word << 4), some, panel, counts, counts + 64);
        panel += <usize>(some << 3) * PANEL;
        accumulate(word == 0, i16x8.splat(0), 1, counts, sums);
        accumulate(word == 0, i16x8.splat(0), 1, counts + 64, sums + 128);
      }
      writeSigns(sums, ones0, to + <usize>channel, size - channel);
      if (two) writeSigns(sums + 128, ones1, to + outStride + <usize>channel, size - channel);
    }
  }
}
