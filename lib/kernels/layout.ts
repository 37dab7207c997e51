/**
 * How signs are stored.
 *
 * - **Bits**, int32 [rows, ceil(K / 32)]: row by row, least significant bit first, 1 for +1 and 0 for -1. Each row starts a new word;
 *   unused bits of its last word are 0 in both factors of a product, so XOR and AND of them are 0 and no sum needs a mask. (On
 *   little-endian machines this is `lib/checkpoints/sign-bits` with rows padded to 4 bytes.)
 * - **Panels**, int32 [ceil(outputs / 8), ceil(K / 32), 8]: eight outputs side by side, word by word. Padding outputs are 0 and never
 *   stored.
 * - **Nibbles**, int32 [ceil(outputs / 64), 8 * ceil(K / 32), 16], read as bytes [.., .., 64]: for weights on cpu and wasm (on webgpu
 *   they are panels). A byte holds four bits of one output (see `assembly/lookup.ts`), sixty-four outputs side by side.
 *
 * There is no third level: q(0) = q(-0) = +1. NaN packs as -1 (0 in a mask), because x >= 0 is false; infinities pack as their signs. On
 * webgpu the last two hold only where the driver keeps the bits of such numbers, which WGSL does not guarantee (`webgpu/border.ts`).
 */
export const WORD_BITS = 32;
export const PANEL_OUTPUTS = 8;
export const NIBBLE_OUTPUTS = 64;
export const NIBBLES_PER_WORD = 8;
/** Partial sums are 16-bit. */
export const MAX_NIBBLE_DEPTH = 32_767;

/** Words in a row of `depth` bits. */
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
