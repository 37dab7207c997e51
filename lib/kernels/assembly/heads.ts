/** What enters an attention, rearranged: bytes to bits, keys and values to the panels of nibbles that `lookup.ts` multiplies with. */
import { PANEL } from './lookup';

/** Bytes of 0 and 1 [rows, heads, size] -> bits [rows, heads, ceil(size / 32)]. @param stride bytes from row to row of x */
export function packBytes(rows: i32, heads: i32, size: i32, x: usize, stride: usize, out: usize): void {
  for (let row = 0; row < rows; row++) {
    let at = x + <usize>row * stride;
    for (let head = 0; head < heads; head++) {
      let left = size;
      for (; left >= 32; left -= 32) {
        store<i32>(out, ones16(at) | (ones16(at + 16) << 16));
        at += 32;
        out += 4;
      }
      if (left > 0) {
        let word = 0;
        for (let bit = 0; bit < left; bit++) word |= <i32>load<u8>(at++) << bit;
        store<i32>(out, word);
        out += 4;
      }
    }
  }
}

@inline
function ones16(bytes: usize): i32 {
  return i8x16.bitmask(i8x16.neg(v128.load(bytes)));
}

/**
 * Bits of a head's keys -> nibbles [ceil(tokens / 64), 8 * words, 64]; keys that do not exist are 0.
 *
 * @param stride bytes from one key's words to the next one's
 */
export function keyPanels(tokens: i32, words: i32, bits: usize, stride: usize, out: usize): void {
  const panelBytes = <usize>(words << 3) * PANEL;
  if (tokens & 63) memory.fill(out + <usize>(tokens >> 6) * panelBytes, 0, panelBytes);
  for (let token = 0; token < tokens; token++) {
    let at = out + <usize>(token >> 6) * panelBytes + <usize>(token & 63);
    for (let word = 0; word < words; word++) {
      let bits32 = load<u32>(bits + (<usize>word << 2));
      for (let nibble = 0; nibble < 8; nibble++) {
        store<u8>(at, <u8>(bits32 & 15));
        bits32 >>= 4;
        at += PANEL;
      }
    }
    bits += stride;
  }
}

/**
 * Bytes of a head's values [tokens, size] -> nibbles of its columns [ceil(size / 64), 8 * ceil(tokens / 32), 64]: four tokens in a
 * byte. Tokens that do not exist are 0; what stands for channels that do not exist means nothing.
 *
 * @param stride bytes from one token to the next; 15 bytes behind the last are read
 */
export function valuePanels(tokens: i32, size: i32, x: usize, stride: usize, out: usize): void {
  const nibbles = ((tokens + 31) >> 5) << 3;
  const none = i8x16.splat(0);
  for (let nibble = 0; nibble < nibbles; nibble++) {
    const left = tokens - (nibble << 2);
    const first = x + <usize>(nibble << 2) * stride;
    for (let channel = 0; channel < size; channel += 16) {
      const at = first + <usize>channel;
      const b0 = left > 0 ? v128.load(at) : none, b1 = left > 1 ? v128.load(at + stride) : none;
      const b2 = left > 2 ? v128.load(at + 2 * stride) : none, b3 = left > 3 ? v128.load(at + 3 * stride) : none;
      const twos = i8x16.add(b3, b3), high = i8x16.add(v128.or(b2, twos), v128.or(b2, twos));
      const low = v128.or(b0, i8x16.add(b1, b1));
      const panel = out + <usize>((channel >> 6) * nibbles + nibble) * PANEL;
      v128.store(panel + <usize>(channel & 63), v128.or(low, i8x16.add(high, high)));
    }
  }
}
