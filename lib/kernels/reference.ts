/**
 * The definition of every kernel, one bit at a time; `assembly/` is the fast form.
 *
 * It also runs on the cpu backend, and on wasm in browsers without SIMD.
 */
import {
  NIBBLE_OUTPUTS,
  NIBBLES_PER_WORD,
  PANEL_OUTPUTS,
  panelsOf,
  WORD_BITS,
  wordsOf,
  type BitRule,
  type ProductSize,
} from '@/lib/kernels/layout';
import { at } from '@/lib/math/number-row';

/** Whether x becomes a 1, computed in float32 as tensors are. */
export function isOne(x: number, rule: BitRule): boolean {
  switch (rule.kind) {
    case 'sign':
      return x >= 0;
    case 'sign-alpha':
      return Math.fround(Math.fround(x / Math.fround(rule.alpha)) + rule.zeroPoint) >= 0;
    case 'elastic':
      return Math.fround(x / Math.fround(rule.alpha)) > 0.5;
  }
}

/** x [rows, columns] -> bits [rows, ceil(columns / 32)] */
export function packRows(x: Float32Array, rows: number, columns: number, rule: BitRule): Int32Array {
  const words = wordsOf(columns);
  const bits = new Int32Array(rows * words);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (isOne(at(x, row * columns + column), rule)) setBit(bits, row * words, column);
    }
  }
  return bits;
}

/** bits [outputs, words] -> panels [ceil(outputs / 8), words, 8] */
export function packPanels(bits: Int32Array, outputs: number, words: number): Int32Array {
  const panels = new Int32Array(panelsOf(outputs) * words * PANEL_OUTPUTS);
  for (let output = 0; output < outputs; output++) {
    for (let word = 0; word < words; word++) {
      panels[panelWord(output, word, words)] = at(bits, output * words + word);
    }
  }
  return panels;
}

/** x [rows, columns] -> panels whose outputs are the columns; a bit of a word is a row. */
export function packColumns(x: Float32Array, rows: number, columns: number, rule: BitRule): Int32Array {
  const transposed = Float32Array.from(x, (_, i) => at(x, (i % rows) * columns + Math.floor(i / rows))); // [columns, rows]
  return packPanels(packRows(transposed, columns, rows, rule), columns, wordsOf(rows));
}

/** bits [outputs, words] -> nibbles [ceil(outputs / 64), 8 * words, 64 bytes], as words */
export function packNibbles(bits: Int32Array, outputs: number, words: number): Int32Array {
  const nibbles = new Uint8Array(Math.ceil(outputs / NIBBLE_OUTPUTS) * words * NIBBLES_PER_WORD * NIBBLE_OUTPUTS);
  for (let output = 0; output < outputs; output++) {
    for (let nibble = 0; nibble < words * NIBBLES_PER_WORD; nibble++) {
      const word = at(bits, output * words + (nibble >> 3));
      nibbles[nibbleByte(output, nibble, words)] = (word >>> (4 * (nibble & 7))) & 15;
    }
  }
  return new Int32Array(nibbles.buffer);
}

/** The inverse of `packNibbles`. */
export function unpackNibbles(packed: Int32Array, outputs: number, words: number): Int32Array {
  const nibbles = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  const bits = new Int32Array(outputs * words);
  for (let output = 0; output < outputs; output++) {
    for (let nibble = 0; nibble < words * NIBBLES_PER_WORD; nibble++) {
      const word = output * words + (nibble >> 3);
      bits[word] = at(bits, word) | (at(nibbles, nibbleByte(output, nibble, words)) << (4 * (nibble & 7)));
    }
  }
  return bits;
}

/** What the bits of a product stand for. */
export type ProductRule =
  /** sum_k (s_a - z_a)(s_b - z_b), s = +-1 */
  | { readonly kind: 'signs'; readonly zeroA: number; readonly zeroB: number }
  /** sum_k a_k (s_b - z_b), a_k in {0, 1} */
  | { readonly kind: 'mask'; readonly zeroB: number };

/**
 * The integer sums of a product.
 *
 * @param a bits [rows, ceil(depth / 32)]
 * @param b panels [ceil(outputs / 8), ceil(depth / 32), 8]
 * @returns [rows, outputs]
 */
export function sumProducts(a: Int32Array, b: Int32Array, size: ProductSize, rule: ProductRule): Int32Array {
  const { rows, outputs, depth } = size;
  const words = wordsOf(depth);
  const sums = new Int32Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) {
        const word = k >> 5;
        const bitA = bitOf(at(a, row * words + word), k);
        const signB = 2 * bitOf(at(b, panelWord(output, word, words)), k) - 1;
        sum += (rule.kind === 'mask' ? bitA : 2 * bitA - 1 - rule.zeroA) * (signB - rule.zeroB);
      }
      sums[row * outputs + output] = sum;
    }
  }
  return sums;
}

/** @param scale [outputs], or [1] for all */
export function scaleSums(sums: Int32Array, outputs: number, scale: Float32Array): Float32Array {
  return Float32Array.from(sums, (sum, i) => sum * at(scale, scale.length === 1 ? 0 : i % outputs));
}

/** Index of one word in panels. */
function panelWord(output: number, word: number, words: number): number {
  const panel = Math.floor(output / PANEL_OUTPUTS);
  return (panel * words + word) * PANEL_OUTPUTS + (output % PANEL_OUTPUTS);
}

function nibbleByte(output: number, nibble: number, words: number): number {
  const panel = Math.floor(output / NIBBLE_OUTPUTS);
  return (panel * words * NIBBLES_PER_WORD + nibble) * NIBBLE_OUTPUTS + (output % NIBBLE_OUTPUTS);
}

function bitOf(word: number, k: number): number {
  return (word >>> (k % WORD_BITS)) & 1;
}

function setBit(bits: Int32Array, start: number, k: number): void {
  const word = start + (k >> 5);
  bits[word] = at(bits, word) | (1 << (k % WORD_BITS));
}
