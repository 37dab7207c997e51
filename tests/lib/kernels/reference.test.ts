/** The reference against sums of numbers that were never bits. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packSigns } from '@/lib/checkpoints/sign-bits';
import { wordsOf } from '@/lib/kernels/layout';
import {
  isOne,
  packColumns,
  packNibbles,
  packPanels,
  packRows,
  scaleSums,
  sumProducts,
  unpackNibbles,
} from '@/lib/kernels/reference';
import { elastic } from '@/lib/quantizers/elastic';
import { signAlpha } from '@/lib/quantizers/sign-alpha';
import { signOf } from '@/lib/quantizers/sign';
import { activations, depths, outputCounts, rowCounts, seeds } from './kernel-suite';

describe('a bit', () => {
  it('is 1 at +0, -0 and +Infinity, 0 at -Infinity, and 0 at NaN, which has no sign', () => {
    const bits = [0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45].map((x) => isOne(x, { kind: 'sign' }));
    expect(bits).toEqual([true, true, true, false, false, true, false]);
  });

  it('of sign-alpha is that of its quantizer with q(0) = +1, also where x / alpha underflows to -0', () => {
    for (const alpha of [0.5, -2, 3]) {
      for (const zeroPoint of [0, 1, -1]) {
        for (const x of [-4, -0.5, -0, 0, 0.25, 0.5, 3]) {
          const level = signAlpha.forward(x, { alpha, zeroPoint, signOfZero: 1 }) / alpha + zeroPoint;
          expect(isOne(x, { kind: 'sign-alpha', alpha, zeroPoint })).toBe(level > 0);
        }
      }
    }
    expect(isOne(-1e-45, { kind: 'sign-alpha', alpha: 4, zeroPoint: 0 })).toBe(true);
    expect(isOne(NaN, { kind: 'sign-alpha', alpha: 4, zeroPoint: 0 })).toBe(false);
  });

  it('of elastic is 0 at exactly half of alpha: half rounds to even', () => {
    for (const p of [0, 0.1, 0.25, 0.25000003, 0.5, 1, NaN]) {
      expect(isOne(p, { kind: 'elastic', alpha: 0.5 })).toBe(elastic.forward(p, { alpha: 0.5 }) > 0);
    }
    expect(isOne(0.25, { kind: 'elastic', alpha: 0.5 })).toBe(false);
  });
});

describe('the reference', () => {
  it('packs as checkpoints do, with rows filled up to whole words', () => {
    fc.assert(
      fc.property(rowCounts, depths, seeds, (rows, columns, seed) => {
        const x = activations(rows * columns, seed);
        const bytes = packSigns(x, rows, columns);
        const words = packRows(x, rows, columns, { kind: 'sign' });
        const perRow = bytes.length / rows;
        for (let row = 0; row < rows; row++) {
          const word = new Uint8Array(words.buffer, row * wordsOf(columns) * 4, wordsOf(columns) * 4);
          expect(Array.from(word.subarray(0, perRow))).toEqual(
            Array.from(bytes.subarray(row * perRow, (row + 1) * perRow)),
          );
          expect(word.subarray(perRow).every((byte) => byte === 0)).toBe(true);
        }
      }),
    );
  });

  it('multiplies signs, and masks by signs, as numbers do', () => {
    const zeros = fc.integer({ min: -2, max: 2 });
    fc.assert(
      fc.property(
        rowCounts,
        outputCounts,
        fc.integer({ min: 1, max: 70 }),
        zeros,
        zeros,
        seeds,
        (rows, outputs, depth, zeroA, zeroB, seed) => {
          const x = activations(rows * depth, seed);
          const w = activations(outputs * depth, seed + 1);
          const size = { rows, outputs, depth };
          const a = packRows(x, rows, depth, { kind: 'sign' });
          const b = packPanels(packRows(w, outputs, depth, { kind: 'sign' }), outputs, wordsOf(depth));
          const signed = sumProducts(a, b, size, { kind: 'signs', zeroA, zeroB });
          const masked = sumProducts(a, b, size, { kind: 'mask', zeroB });
          for (let i = 0; i < rows * outputs; i++) {
            let [sum, sumOfMasked] = [0, 0];
            for (let k = 0; k < depth; k++) {
              const signA = signOf(x[Math.floor(i / outputs) * depth + k] ?? NaN, 1);
              const levelB = signOf(w[(i % outputs) * depth + k] ?? NaN, 1) - zeroB;
              sum += (signA - zeroA) * levelB;
              if (signA === 1) sumOfMasked += levelB;
            }
            expect([signed[i], masked[i]].map(Number)).toEqual([sum, sumOfMasked]);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('packs four bits of an output to a byte, and back', () => {
    const bits = Int32Array.of(0x76543210, -1, 0, 0x0000000f); // two outputs of two words
    const nibbles = packNibbles(bits, 2, 2);
    const bytes = new Uint8Array(nibbles.buffer);
    expect(Array.from({ length: 16 }, (_, nibble) => bytes[nibble * 64])).toEqual([
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      ...Array<number>(8).fill(15),
    ]);
    expect(bytes[8 * 64 + 1]).toBe(15);
    expect(bytes.filter((byte) => byte !== 0)).toHaveLength(16);
    expect(unpackNibbles(nibbles, 2, 2)).toEqual(bits);
  });

  it('packs columns as the rows of the transpose', () => {
    const x = Float32Array.of(1, -1, -1, 1, 1, 1); // [3, 2]
    const columns = packColumns(x, 3, 2, { kind: 'sign' });
    expect(Array.from(columns)).toEqual([0b101, 0b110, 0, 0, 0, 0, 0, 0]);
  });

  it('scales each output, or all alike', () => {
    const sums = Int32Array.of(1, 2, 3, 4);
    expect(Array.from(scaleSums(sums, 2, Float32Array.of(2, 0.5)))).toEqual([2, 1, 6, 2]);
    expect(Array.from(scaleSums(sums, 2, Float32Array.of(2)))).toEqual([2, 4, 6, 8]);
  });
});
