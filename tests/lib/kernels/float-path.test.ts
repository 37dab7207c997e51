/**
 * The packed operations against the float path that the models train and trace with: bit for bit before scales, and here after
 * them too, since both multiply the same integer by the same float32.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  multiplyHeads,
  packHeadRows,
  packKeys,
  packValues,
  type HeadColumns,
  type HeadRows,
} from '@/lib/kernels/binary-heads';
import { binaryLinear, packSigns, packWeights, type SignRows, type WeightPanels } from '@/lib/kernels/binary-linear';
import { KERNELS } from '@/lib/kernels/names';
import { registerKernels } from '@/lib/kernels/register';
import { hasPackedKernels } from '@/lib/kernels/run-kernels';
import { applyBiRealSign } from '@/lib/quantizers/bi-real-sign';
import { applyElastic } from '@/lib/quantizers/elastic';
import { applySignAlpha } from '@/lib/quantizers/sign-alpha';
import { multiplyByWeightSigns } from '@/lib/quantizers/weight-sign';
import { tf } from '@/lib/tf';
import { multiplyQuantized } from '@/models/layers/activation';
import { describeOnEachBackend } from '@/tests/models/backends';
import { activations, depths, kernelBytes, outputCounts, registerFastKernels, rowCounts, seeds } from './kernel-suite';

beforeAll(registerFastKernels);

/** Zeros compare equal whatever their sign; all else bit for bit. */
function expectSame(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const wanted = expected.dataSync();
  actual.dataSync().forEach((value, i) => {
    if (value !== wanted[i]) throw new Error(`element ${i}: ${value}, expected ${wanted[i]}`);
  });
}

function tensor4(shape: readonly [number, number, number, number], seed: number): tf.Tensor4D {
  return tf.tensor4d(activations(shape[0] * shape[1] * shape[2] * shape[3], seed), [...shape]);
}

/** Positive, odd, different for each head. */
function alphasOf(heads: number, seed: number): tf.Tensor1D {
  return tf.tensor1d(
    Array.from(activations(heads, seed), (value) => 0.1 + (Number.isFinite(value) ? Math.abs(value) : 1)),
  );
}

function linearOnBits(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  const scale = tf.mean<tf.Tensor1D>(tf.abs(weight), 1);
  return binaryLinear(packSigns(x), packWeights(weight, scale));
}

/** A head's shapes: [B, H, N, D], the numbers of queries and keys apart, as in no model but legal. */
const headSizes = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  heads: fc.integer({ min: 1, max: 4 }),
  queries: rowCounts,
  keys: fc.oneof(outputCounts, fc.constantFrom(64, 197)),
  size: fc.oneof(outputCounts, fc.constantFrom(16, 64)),
});

function linearSuite(): void {
  it('the linear, at any size', () => {
    fc.assert(
      fc.property(rowCounts, outputCounts, depths, seeds, (rows, outputs, depth, seed) => {
        tf.tidy(() => {
          const x = tf.tensor2d(activations(rows * depth, seed), [rows, depth]);
          const finite = activations(outputs * depth, seed + 1).map((value) => (Number.isFinite(value) ? value : 0.5));
          const weight = tf.tensor2d(finite, [outputs, depth]);
          const signs = applyBiRealSign(x, { signOfZero: 1 });
          expectSame(linearOnBits(x, weight), multiplyByWeightSigns(signs, { kind: 'latent', weight }, 1));
        });
      }),
      { numRuns: 40 },
    );
  });

  it('q k^T, with head-wise scales and zero points', () => {
    fc.assert(
      fc.property(headSizes, fc.boolean(), seeds, ({ batch, heads, queries, keys, size }, shifted, seed) => {
        tf.tidy(() => {
          const [q, k] = [tensor4([batch, heads, queries, size], seed), tensor4([batch, heads, keys, size], seed + 1)];
          const [alphaQ, alphaK] = [alphasOf(heads, seed + 2), alphasOf(heads, seed + 3)];
          // Rounded by both paths: half to even.
          const [zeroQ, zeroK] = shifted
            ? [tf.randomUniform<tf.Rank.R1>([heads], -2.5, 2.5, 'float32', seed), tf.fill<tf.Rank.R1>([heads], -1.5)]
            : [null, null];
          const rule = { kind: 'sign-alpha' } as const;
          expectSame(
            multiplyHeads(
              packHeadRows(q, { ...rule, alpha: alphaQ, zeroPoint: zeroQ }),
              packKeys(k, { ...rule, alpha: alphaK, zeroPoint: zeroK }),
            ),
            multiplyQuantized(applySignAlpha(q, alphaQ, zeroQ, 1), applySignAlpha(k, alphaK, zeroK, 1), true),
          );
        });
      }),
      { numRuns: 40 },
    );
  });

  it('attention x v, where the attention is {0, alpha}, or signs with a zero point', () => {
    fc.assert(
      fc.property(headSizes, fc.constantFrom('elastic', 'plain', 'shifted'), seeds, (sizes, kind, seed) => {
        const { batch, heads, queries, keys, size } = sizes;
        tf.tidy(() => {
          const p = tf.softmax(tf.clipByValue(tensor4([batch, heads, queries, keys], seed), -4, 4));
          const v = tensor4([batch, heads, keys, size], seed + 1);
          const alpha = tf.div<tf.Tensor1D>(alphasOf(heads, seed + 2), keys);
          const alphaV = alphasOf(heads, seed + 3);
          const zeroV = kind === 'plain' ? null : tf.fill<tf.Rank.R1>([heads], 1);
          const zero = kind === 'shifted' ? tf.fill<tf.Rank.R1>([heads], -1) : null;
          const packedV = packValues(v, { kind: 'sign-alpha', alpha: alphaV, zeroPoint: zeroV });
          const rows = packHeadRows(
            p,
            kind === 'elastic' ? { kind, alpha } : { kind: 'sign-alpha', alpha, zeroPoint: zero },
          );
          const floats = kind === 'elastic' ? applyElastic(p, alpha) : applySignAlpha(p, alpha, zero, 1);
          expectSame(
            multiplyHeads(rows, packedV),
            multiplyQuantized(floats, applySignAlpha(v, alphaV, zeroV, 1), false),
          );
        });
      }),
      { numRuns: 40 },
    );
  });
}

describeOnEachBackend('packed products are those of the float path', () => {
  it('by kernels, not by the fallback', () => {
    expect(hasPackedKernels()).toBe(true);
  });

  linearSuite();

  it('take NaN for -1, where the float path has no sign, and the infinities for theirs', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([NaN, -0, 0, Infinity, -Infinity], [5, 1]);
      const y = linearOnBits(x, tf.tensor2d([[2]]));
      expect(Array.from(y.dataSync())).toEqual([-2, 2, 2, 2, -2]);
    });
  });

  it('refuse what does not meet, naming both sides', () => {
    tf.tidy(() => {
      const weights = packWeights(tf.ones([4, 33]), tf.ones([4]));
      expect(() => binaryLinear(packSigns(tf.ones([2, 32])), weights)).toThrow('Rows of 32 signs meet weights of 33.');
      expect(() => packWeights(tf.zeros([1, 32_768]), tf.ones([1]))).toThrow(
        'A row has 1 to 32767 weights, got 32768.',
      );
      const rule = { kind: 'sign-alpha', alpha: tf.ones<tf.Rank.R1>([1]), zeroPoint: null } as const;
      const keys = packKeys(tf.ones([1, 1, 3, 5]), rule);
      expect(() => multiplyHeads(packHeadRows(tf.ones([1, 1, 2, 4]), rule), keys)).toThrow(/depth 4 meet 1 of depth 5/);
    });
  });

  it('have no gradient, and say so instead of giving none', () => {
    tf.tidy(() => {
      const weight = tf.ones<tf.Rank.R2>([3, 4]);
      const loss = (x: tf.Tensor): tf.Scalar => tf.sum(linearOnBits(x as tf.Tensor2D, weight));
      expect(() => tf.grad(loss)(tf.ones([2, 4]))).toThrow(/gradient/i);
    });
  });

  it('keep no tensor beyond their results, and the memory does not grow', () => {
    const x = tf.tensor2d(activations(37 * 70, 1), [37, 70]);
    const weight = tf.tensor2d(activations(21 * 70, 2, []), [21, 70]);
    const q = tensor4([2, 3, 9, 16], 3);
    const alpha = alphasOf(3, 4);
    const zeroPoint = tf.ones<tf.Rank.R1>([3]);
    const scale = tf.ones<tf.Rank.R1>([21]);
    const before = tf.memory().numTensors;
    const weights = packWeights(weight, scale);
    expect(tf.memory().numTensors - before).toBe(2); // panels, scales

    const forward = (): void => {
      const rows = packSigns(x);
      const y = binaryLinear(rows, weights);
      const rule = { kind: 'sign-alpha', alpha, zeroPoint } as const;
      const [left, keys, values] = [packHeadRows(q, rule), packKeys(q, rule), packValues(q, rule)];
      const scores = multiplyHeads(left, keys);
      const attention = packHeadRows(scores, { kind: 'elastic', alpha });
      const mixed = multiplyHeads(attention, values);
      expect(tf.memory().numTensors - before).toBe(2 + 1 + 1 + 3 * 3 + 1 + 2 + 1);
      tf.dispose([y, scores, mixed]);
      for (const made of [rows, left, keys, values, attention]) disposeTensors(made);
      expect(tf.memory().numTensors - before).toBe(2);
    };
    forward();
    const bytes = heapBytes();
    const held = tf.backend().numDataIds();
    for (let run = 0; run < 100; run++) forward();
    expect(heapBytes()).toBe(bytes);
    expect(tf.backend().numDataIds()).toBe(held); // also what a kernel allocates for itself
    disposeTensors(weights);
    tf.dispose([x, weight, q, alpha, zeroPoint, scale]);
    expect(tf.memory().numTensors).toBe(before - 6);
  });
});

describeOnEachBackend('without kernels, products are those of the float path too', (backend) => {
  beforeAll(() => {
    for (const name of Object.values(KERNELS)) tf.unregisterKernel(name, backend);
    return registerFastKernels;
  });

  it('by the fallback', () => {
    expect(hasPackedKernels()).toBe(false);
  });

  linearSuite();
});

describeOnEachBackend('where the compiled kernels cannot run, the reference does', () => {
  beforeAll(async () => {
    const form = await registerKernels(Uint8Array.of(0));
    expect(form).toEqual({ kind: 'reference', reason: expect.stringContaining('did not compile') });
    return registerFastKernels;
  });

  it('packed', () => {
    expect(hasPackedKernels()).toBe(true);
  });

  linearSuite();
});

describe('a page without SIMD', () => {
  it('is told so by name', async () => {
    const validate = WebAssembly.validate;
    WebAssembly.validate = () => false;
    try {
      const form = await registerKernels(await kernelBytes());
      expect(form).toEqual({
        kind: 'reference',
        reason: 'WebAssembly has no SIMD here, which the packed kernels need.',
      });
    } finally {
      WebAssembly.validate = validate;
      await registerFastKernels();
    }
  });
});

function disposeTensors(value: SignRows | WeightPanels | HeadRows | HeadColumns): void {
  tf.dispose({ ...value } as unknown as tf.TensorContainer);
}

/** Bytes of tfjs's WebAssembly heap; the cpu backend has none. */
function heapBytes(): number {
  if (tf.getBackend() !== 'wasm') return 0;
  const { wasm } = tf.backend() as unknown as { readonly wasm: { readonly HEAPU8: Uint8Array } };
  return wasm.HEAPU8.buffer.byteLength;
}
