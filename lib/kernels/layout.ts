/**
 * How signs lie in memory.
 *
 * - **Bits**, int32 [rows, ceil(K / 32)]: row by row, least significant bit first, 1 for +1 and 0 for -1. Each row starts a new
 *   word, and what its last word has left over is 0. (On little-endian machines, and all that run this are, that is
 *   `lib/checkpoints/sign-bits` with rows filled up to 4 bytes.) Leftover bits are 0 in both factors, so XOR and AND of them
 *   are 0 and no sum needs a mask.
 * - **Panels**, int32 [ceil(outputs / 8), ceil(K / 32), 8]: eight outputs side by side, word by word. Outputs that do not exist
 *   are 0; nothing of them is ever stored.
 * - **Nibbles**, int32 [ceil(outputs / 64), 8 * ceil(K / 32), 16], read as bytes [.., .., 64]: for weights, which stay, on cpu and wasm (on
 *   webgpu they are panels). One byte is four bits of one output (see `assembly/lookup.ts`), sixty-four outputs side by side.
 *
 * A bit has no third level: q(0) = q(-0) = +1. NaN, which has no sign, packs as -1 (0 in a mask): the comparison x >= 0 is false.
 * The infinities pack as their signs. On webgpu NaN and the infinities do so where the graphics leave their bits alone, which nobody
 * promises (`webgpu/border.ts`).
 */
export const WORD_BITS = 32;
export const PANEL_OUTPUTS = 8;
export const NIBBLE_OUTPUTS = 64;
export const NIBBLES_PER_WORD = 8;
/** Sums of signs are held in 16 bits while they grow. */
export const MAX_NIBBLE_DEPTH = 32_767;

/** Words that a row of `depth` bits takes. */
export function wordsOf(depth: number): number {
  return Math.ceil(depth / WORD_BITS);
}

export function panelsOf(outputs: number): number {
  return Math.ceil(outputs / PANEL_OUTPUTS);
}

/** Which numbers become a 1. */
export type BitRule =
  | { readonly kind: 'sign' } // x >= 0
  /** x / alpha + z >= 0, z an integer: the bits of `lib/quantizers/sign-alpha` with q(0) = +1. */
  | { readonly kind: 'sign-alpha'; readonly alpha: number; readonly zeroPoint: number }
  /** p / alpha > 0.5 (half to even): the bits of `lib/quantizers/elastic`; they are {0, 1}, not signs. */
  | { readonly kind: 'elastic'; readonly alpha: number };

export interface ProductSize {
  readonly rows: number;
  readonly outputs: number;
  /** K, bits in a row. */
  readonly depth: number;
}
