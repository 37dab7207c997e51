/** The compiled module, function by function, against the reference: in a memory of its own, with strides, and guards around. */
import { setFlagsFromString } from 'node:v8';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { panelsOf, wordsOf, type BitRule } from '@/lib/kernels/layout';
import {
  packColumns,
  packNibbles,
  packPanels,
  packRows,
  scaleSums,
  sumProducts,
  type ProductRule,
} from '@/lib/kernels/reference';
import {
  compileKernels,
  hasRelaxedSimd,
  hasWasmSimd,
  kernelsIn,
  KernelsUnavailableError,
  type KernelExports,
} from '@/lib/kernels/wasm-module';
import { activations, AWKWARD, depths, kernelBytes, outputCounts, rowCounts, seeds } from './kernel-suite';

const GUARD = 0x5a5a5a5a;
const PAGES = 64;

// Node 20 has relaxed SIMD behind a flag; where it is on by default the flag may be gone.
if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd');

let kernels: KernelExports;
let memory: WebAssembly.Memory;

/** Places arrays one after the other, each with a guard word before and after it. */
class Arena {
  private readonly words = new Int32Array(memory.buffer);
  private next = 1024;
  private readonly guards: number[] = [];

  constructor() {
    this.words.fill(GUARD);
  }

  put(values: Float32Array | Int32Array): number {
    const address = this.reserve(values.length);
    this.words.set(new Int32Array(values.buffer, values.byteOffset, values.length), address / 4);
    return address;
  }

  /** @returns an address that is a multiple of 4 and, every other time, not of 16 */
  reserve(length: number): number {
    const start = this.next + 1;
    this.next = start + length + 3;
    this.guards.push(start - 1, start + length);
    return start * 4;
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(memory.buffer, address, length).slice();
  }

  integers(address: number, length: number): Int32Array {
    return this.words.slice(address / 4, address / 4 + length);
  }

  expectGuards(): void {
    for (const at of this.guards) expect(this.words[at]).toBe(GUARD);
  }
}

const rules: fc.Arbitrary<BitRule> = fc.oneof(
  fc.constant<BitRule>({ kind: 'sign' }),
  fc.record({
    kind: fc.constant('sign-alpha' as const),
    alpha: fc.constantFrom(0.3, 1, 7, -0.5, 1e30),
    zeroPoint: fc.integer({ min: -2, max: 2 }),
  }),
  fc.record({ kind: fc.constant('elastic' as const), alpha: fc.constantFrom(0.02, 0.5, 1) }),
);

function packRowsCompiled(x: number, rows: number, columns: number, stride: number, rule: BitRule, out: number): void {
  if (rule.kind === 'sign') kernels.packSigns(rows, columns, x, stride, out);
  else if (rule.kind === 'elastic') kernels.packElastic(rows, columns, x, stride, rule.alpha, out);
  else kernels.packSignAlpha(rows, columns, x, stride, rule.alpha, rule.zeroPoint, out);
}

/** Rows of x with `gap` further floats after each, which must not be read into a word. */
function spaced(x: Float32Array, rows: number, columns: number, gap: number, between = 1): Float32Array {
  const wide = new Float32Array(rows * (columns + gap)).fill(between);
  for (let row = 0; row < rows; row++) wide.set(x.subarray(row * columns, (row + 1) * columns), row * (columns + gap));
  return wide;
}

describe.each(['kernels.wasm', 'kernels-relaxed.wasm'] as const)('the compiled kernels (%s)', (file) => {
  beforeAll(async () => {
    memory = new WebAssembly.Memory({ initial: PAGES });
    kernels = kernelsIn(memory, await compileKernels(await kernelBytes(file)));
  });

  it('pack rows as the reference does, at any size and stride, and leave the rest of the last word 0', () => {
    fc.assert(
      fc.property(rowCounts, depths, rules, fc.integer({ min: 0, max: 5 }), seeds, (rows, columns, rule, gap, seed) => {
        const x = activations(rows * columns, seed, [...AWKWARD, NaN]);
        const arena = new Arena();
        const from = arena.put(spaced(x, rows, columns, gap));
        const out = arena.reserve(rows * wordsOf(columns));
        packRowsCompiled(from, rows, columns, (columns + gap) * 4, rule, out);
        const bits = arena.integers(out, rows * wordsOf(columns));
        expect(bits).toEqual(packRows(x, rows, columns, rule));
        if (columns % 32 !== 0) expect((bits[wordsOf(columns) - 1] ?? 1) >>> (columns % 32)).toBe(0);
        arena.expectGuards();
      }),
    );
  });

  it('pack panels, of rows and of columns, as the reference does', () => {
    fc.assert(
      fc.property(
        outputCounts,
        depths,
        rules,
        fc.integer({ min: 0, max: 5 }),
        seeds,
        (outputs, depth, any, gap, seed) => {
          const rule = any.kind === 'sign-alpha' ? any : ({ kind: 'sign-alpha', alpha: 1, zeroPoint: 0 } as const);
          const x = activations(outputs * depth, seed, [...AWKWARD, NaN]);
          const bits = packRows(x, outputs, depth, rule);
          const arena = new Arena();
          const fromBits = arena.put(bits);
          const fromX = arena.put(spaced(x, depth, outputs, gap)); // as columns: [depth, outputs]
          const size = panelsOf(outputs) * wordsOf(depth) * 8;
          const [rowPanels, columnPanels] = [arena.reserve(size), arena.reserve(size)];
          kernels.packPanels(outputs, wordsOf(depth), fromBits, rowPanels);
          kernels.packColumns(depth, outputs, fromX, (outputs + gap) * 4, rule.alpha, rule.zeroPoint, columnPanels);
          expect(arena.integers(rowPanels, size)).toEqual(packPanels(bits, outputs, wordsOf(depth)));
          expect(arena.integers(columnPanels, size)).toEqual(packColumns(x, depth, outputs, rule));
          arena.expectGuards();
        },
      ),
    );
  });

  it('multiply as the reference does: exact integers times one scale, zero points on either side, any stride', () => {
    const zeros = fc.integer({ min: -2, max: 2 });
    const products: fc.Arbitrary<ProductRule> = fc.oneof(
      fc.record({ kind: fc.constant('signs' as const), zeroA: zeros, zeroB: zeros }),
      fc.record({ kind: fc.constant('mask' as const), zeroB: zeros }),
    );
    const sizes = fc.record({ rows: rowCounts, outputs: outputCounts, depth: depths });
    fc.assert(
      fc.property(
        sizes,
        products,
        fc.boolean(),
        fc.integer({ min: 0, max: 5 }),
        seeds,
        (size, rule, shared, gap, seed) => {
          const { rows, outputs, depth } = size;
          const a = packRows(activations(rows * depth, seed), rows, depth, { kind: 'sign' });
          const weights = packRows(activations(outputs * depth, seed + 1), outputs, depth, { kind: 'sign' });
          const b = packPanels(weights, outputs, wordsOf(depth));
          const scale = activations(shared ? 1 : outputs, seed + 2).map((value) =>
            Number.isFinite(value) ? value : 0.5,
          );

          const arena = new Arena();
          const padded = new Float32Array(shared ? 4 : panelsOf(outputs) * 8);
          padded.set(shared ? Array<number>(4).fill(scale[0] ?? 0) : scale);
          const [atA, atB, atScale] = [arena.put(a), arena.put(b), arena.put(padded)];
          const offsets = arena.reserve(panelsOf(outputs) * 8);
          const y = arena.put(new Float32Array(rows * (outputs + gap)).fill(-7));
          const [step, stride] = [shared ? 0 : 32, (outputs + gap) * 4];
          if (rule.kind === 'mask') {
            kernels.multiplyMask(rows, outputs, depth, atA, atB, rule.zeroB, atScale, step, y, stride);
          } else {
            kernels.sumPanels(outputs, depth, atB, -rule.zeroA, offsets);
            const { zeroA, zeroB } = rule;
            kernels.multiplySigns(rows, outputs, depth, atA, atB, zeroA, zeroB, offsets, atScale, step, y, stride);
          }
          const expected = spaced(scaleSums(sumProducts(a, b, size, rule), outputs, scale), rows, outputs, gap);
          const written = arena.floats(y, rows * (outputs + gap));
          written.forEach((value, i) => {
            const between = i % (outputs + gap) >= outputs;
            expect(value + 0).toBe(between ? -7 : (expected[i] ?? NaN) + 0); // + 0: the sign of a zero is not a result
          });
          arena.expectGuards();
        },
      ),
    );
  });

  it('multiply by lookup as the reference does, at any size and stride', () => {
    const outputCounts = fc.oneof(fc.integer({ min: 1, max: 140 }), fc.constantFrom(64, 128, 192));
    fc.assert(
      fc.property(
        rowCounts,
        outputCounts,
        depths,
        fc.integer({ min: 0, max: 5 }),
        seeds,
        (rows, outputs, depth, gap, seed) => {
          const words = wordsOf(depth);
          const a = packRows(activations(rows * depth, seed), rows, depth, { kind: 'sign' });
          const weights = packRows(activations(outputs * depth, seed + 1), outputs, depth, { kind: 'sign' });
          const scale = activations(outputs, seed + 2).map((value) => (Number.isFinite(value) ? value : 0.5));
          const padded = new Float32Array(Math.ceil(outputs / 64) * 64);
          padded.set(scale);
          const arena = new Arena();
          const [atA, atB, atScale] = [a, packNibbles(weights, outputs, words), padded].map((part) =>
            arena.put(part),
          ) as [number, number, number];
          const y = arena.put(new Float32Array(rows * (outputs + gap)).fill(-7));
          kernels.lookupSigns(
            rows,
            outputs,
            depth,
            atA,
            atB,
            atScale,
            y,
            (outputs + gap) * 4,
            arena.reserve(168 + 4 * words),
          );
          const b = packPanels(weights, outputs, words);
          const sums = sumProducts(a, b, { rows, outputs, depth }, { kind: 'signs', zeroA: 0, zeroB: 0 });
          const expected = spaced(scaleSums(sums, outputs, scale), rows, outputs, gap, -7);
          expect(arena.floats(y, rows * (outputs + gap)).map((value) => value + 0)).toEqual(
            expected.map((value) => value + 0),
          );
          arena.expectGuards();
        },
      ),
    );
  });

  it('do not count past a byte: 7 or 31 words of differing bits, and one word more', () => {
    for (const depth of [7 * 32, 8 * 32, 31 * 32, 32 * 32, 63 * 32]) {
      const arena = new Arena();
      const [plus, minus] = [Int32Array.from({ length: depth / 32 }, () => -1), new Int32Array((depth / 32) * 8)];
      const [a, b, scale, y] = [
        arena.put(plus),
        arena.put(minus),
        arena.put(new Float32Array(8).fill(1)),
        arena.reserve(8),
      ];
      kernels.multiplySigns(1, 8, depth, a, b, 0, 0, 0, scale, 32, y, 32);
      expect(Array.from(arena.floats(y, 8))).toEqual(Array<number>(8).fill(-depth));
      const nibbles = arena.put(new Int32Array((depth / 32) * 8 * 16));
      kernels.lookupSigns(
        1,
        8,
        depth,
        a,
        nibbles,
        arena.put(new Float32Array(64).fill(1)),
        y,
        32,
        arena.reserve(168 + depth / 8),
      );
      expect(Array.from(arena.floats(y, 8))).toEqual(Array<number>(8).fill(-depth));
    }
  });

  it('import a memory and nothing else, and hold no data of their own', async () => {
    const compiled = await compileKernels(await kernelBytes(file));
    expect(WebAssembly.Module.imports(compiled)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
    const fresh = new WebAssembly.Memory({ initial: 1 });
    kernelsIn(fresh, compiled);
    expect(new Uint8Array(fresh.buffer).every((byte) => byte === 0)).toBe(true);
    expect(kernelsIn(fresh, compiled)).toBe(kernelsIn(fresh, compiled));
  });

  it('are refused by name where the bytes are not a module', async () => {
    expect(hasWasmSimd()).toBe(true);
    await expect(compileKernels(Uint8Array.of(1, 2, 3))).rejects.toThrow(KernelsUnavailableError);
    await expect(compileKernels(Uint8Array.of(1, 2, 3))).rejects.toThrow(/did not compile/);
  });
});
