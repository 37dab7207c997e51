import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRng } from '@/lib/math/rng';
import type { Quantized } from '@/lib/quantizers/quantizer';
import { tf, valueAndGradients } from '@/lib/tf';
import { multiplyQuantized } from '@/models/layers/product';
import { describeOnEachBackend } from '@/tests/models/backends';

type Shape = readonly [number, number, number, number];

function normal(shape: Shape, seed: number, round = false): tf.Tensor4D {
  const rng = createRng(seed);
  const length = shape.reduce((product, n) => product * n, 1);
  const values = Float32Array.from({ length }, () => (round ? Math.round(2 * rng.normal()) : rng.normal()));
  return tf.tensor4d(values, [...shape]);
}

/** Integers with a scale for each head. */
function quantized(shape: Shape, seed: number): Quantized {
  const integers = normal(shape, seed, true);
  const scale = tf.abs<tf.Tensor4D>(normal([1, shape[1], 1, 1], seed + 1));
  return { value: tf.mul<tf.Tensor4D>(scale, integers), levels: { integers, scale } };
}

const real = (shape: Shape, seed: number): Quantized => ({ value: normal(shape, seed), levels: null });

const sizes = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  heads: fc.integer({ min: 1, max: 3 }),
  rows: fc.integer({ min: 1, max: 6 }),
  depth: fc.integer({ min: 1, max: 5 }),
  columns: fc.integer({ min: 1, max: 6 }),
  transposeB: fc.boolean(),
  isReal: fc.tuple(fc.boolean(), fc.boolean()),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

function expectClose(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const values = expected.dataSync();
  actual.dataSync().forEach((value, i) => expect(Math.abs(value - (values[i] ?? NaN))).toBeLessThan(1e-4));
}

describeOnEachBackend('the product of two activations', () => {
  it('equals that of their values, head by head, with its gradients, whichever is quantized', () => {
    fc.assert(
      fc.property(sizes, ({ batch, heads, rows, depth, columns, transposeB, isReal, seed }) => {
        tf.tidy(() => {
          const ofA: Shape = [batch, heads, rows, depth];
          const ofB: Shape = transposeB ? [batch, heads, columns, depth] : [batch, heads, depth, columns];
          const a = (isReal[0] ? real : quantized)(ofA, seed);
          const b = (isReal[1] ? real : quantized)(ofB, seed + 10);
          expectClose(multiplyQuantized(a, b, transposeB), tf.matMul(a.value, b.value, false, transposeB));
          const cotangent = normal([batch, heads, rows, columns], seed + 20);
          const gradientsOf = (product: () => tf.Tensor) =>
            valueAndGradients(() => tf.sum<tf.Scalar>(tf.mul(product(), cotangent)), [a.value, b.value]).gradients;
          const own = gradientsOf(() => multiplyQuantized(a, b, transposeB));
          const expected = gradientsOf(() => tf.matMul(a.value, b.value, false, transposeB));
          for (const i of [0, 1]) {
            const [actual, wanted] = [own[i], expected[i]];
            if (!actual || !wanted) throw new Error('no gradient');
            expectClose(actual, wanted);
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  it('sums integers before any scale', () => {
    tf.tidy(() => {
      const integers = tf.tensor4d([1, -1, 1], [1, 1, 1, 3]);
      const scale = tf.tensor4d([0.1], [1, 1, 1, 1]);
      const a: Quantized = { value: tf.mul<tf.Tensor4D>(scale, integers), levels: { integers, scale } };
      const product = multiplyQuantized(a, a, true).dataSync()[0];
      expect(product).toBe(Math.fround(3 * Math.fround(Math.fround(0.1) * Math.fround(0.1))));
    });
  });

  it('leaves no tensor behind but its result', () => {
    const [a, b] = [real([2, 3, 4, 5], 1), real([2, 3, 4, 5], 2)];
    const before = tf.memory().numTensors;
    const product = tf.tidy(() => multiplyQuantized(a, b, true));
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([product, a.value, b.value]);
  });
});
