/** The packed products against the float path that the models train and trace with. */
import fc from 'fast-check';
import { multiplyHeads, packHeadRows, packKeys, packValues } from '@/lib/kernels/binary-heads';
import { binaryLinear, packSigns, packWeights } from '@/lib/kernels/binary-linear';
import { applyBiRealSign } from '@/lib/quantizers/bi-real-sign';
import { applyElastic } from '@/lib/quantizers/elastic';
import { applySignAlpha } from '@/lib/quantizers/sign-alpha';
import { multiplyByWeightSigns } from '@/lib/quantizers/weight-sign';
import { tf } from '@/lib/tf';
import { multiplyQuantized } from '@/models/layers/product';
import { described } from './subject';
import { activations, depths, outputCounts, rowCounts, seeds } from '../arbitraries';

/** Two ways to one product, each to be run on a backend of its own. */
export interface Product {
  readonly packed: () => tf.Tensor;
  readonly floats: () => tf.Tensor;
}

type Shape = readonly [number, number, number, number];

export function tensor4(shape: Shape, values: Float32Array): tf.Tensor4D {
  return tf.tensor4d(values, [...shape]);
}

function numbers(shape: Shape, seed: number, awkward: Awkward): Float32Array {
  return activations(shape[0] * shape[1] * shape[2] * shape[3], seed, awkward);
}

/** Numbers to be strewn among the activations. */
type Awkward = readonly number[];

/** Without infinities. */
function finite(length: number, seed: number, awkward: Awkward): Float32Array {
  return activations(length, seed, awkward).map((value) => (Number.isFinite(value) ? value : 0.5));
}

/** Positive, odd, different for each head. */
export function alphasOf(heads: number, seed: number): Float32Array {
  return activations(heads, seed).map((value) => 0.1 + (Number.isFinite(value) ? Math.abs(value) : 1));
}

export function linearOnBits(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  return binaryLinear(packSigns(x), packWeights(weight, tf.mean<tf.Tensor1D>(tf.abs(weight), 1)));
}

export const linears = (awkward: Awkward): fc.Arbitrary<Product> =>
  fc.tuple(rowCounts, outputCounts, depths, seeds).map(([rows, outputs, depth, seed]) => {
    const [x, weight] = [activations(rows * depth, seed, awkward), finite(outputs * depth, seed + 1, awkward)];
    // One scale for both paths: a mean is no integer, and rounds as each backend sums.
    const scale = Float32Array.from({ length: outputs }, (_, o) => {
      const row = weight.subarray(o * depth, (o + 1) * depth);
      return row.reduce((sum, value) => sum + Math.abs(value), 0) / depth;
    });
    const made = () =>
      [tf.tensor2d(x, [rows, depth]), tf.tensor2d(weight, [outputs, depth]), tf.tensor1d(scale)] as const;
    const product = {
      packed: () => {
        const [a, w, s] = made();
        return binaryLinear(packSigns(a), packWeights(w, s));
      },
      floats: () => {
        const [a, w, s] = made();
        const signs = applyBiRealSign(w, { signOfZero: 1 });
        return multiplyByWeightSigns(applyBiRealSign(a, { signOfZero: 1 }), { kind: 'signs', signs, scale: s }, 1);
      },
    };
    return described(product, { rows, outputs, depth, seed });
  });

/** A head's shapes: [B, H, N, D], the numbers of queries and keys apart, as in no model but legal. */
const headSizes = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  heads: fc.integer({ min: 1, max: 4 }),
  queries: rowCounts,
  keys: fc.oneof(outputCounts, fc.constantFrom(64, 197)),
  size: fc.oneof(outputCounts, fc.constantFrom(16, 64)),
});

/** Real, as they are learned: both paths round them, half to even. */
const zeroPoints = fc.constantFrom(null, [-1.5, 0.5, 2.5, -0.2], [1, -2, 0, 3]);

const vector = (values: ArrayLike<number> | null, length: number): tf.Tensor1D | null =>
  values === null ? null : tf.tensor1d(Array.from(values).slice(0, length));

export const scores = (awkward: Awkward): fc.Arbitrary<Product> =>
  fc
    .tuple(headSizes, zeroPoints, zeroPoints, seeds)
    .map(([{ batch, heads, queries, keys, size }, zeroQ, zeroK, seed]) => {
      const [shapeQ, shapeK] = [[batch, heads, queries, size] as const, [batch, heads, keys, size] as const];
      const [q, k] = [numbers(shapeQ, seed, awkward), numbers(shapeK, seed + 1, awkward)];
      const [alphaQ, alphaK] = [alphasOf(heads, seed + 2), alphasOf(heads, seed + 3)];
      const made = () =>
        [
          [tensor4(shapeQ, q), tf.tensor1d(alphaQ), vector(zeroQ, heads)],
          [tensor4(shapeK, k), tf.tensor1d(alphaK), vector(zeroK, heads)],
        ] as const;
      const product = {
        packed: () => {
          const [[a, alpha, zeroPoint], [b, alphaB, zeroPointB]] = made();
          const left = packHeadRows(a, { kind: 'sign-alpha', alpha, zeroPoint });
          return multiplyHeads(left, packKeys(b, { kind: 'sign-alpha', alpha: alphaB, zeroPoint: zeroPointB }));
        },
        floats: () => {
          const [left, right] = made();
          return multiplyQuantized(applySignAlpha(...left, 1), applySignAlpha(...right, 1), true);
        },
      };
      return described(product, { batch, heads, queries, keys, size, zeroQ, zeroK, seed });
    });

/** The attention is {0, alpha}, or signs, with zero points or without. */
export const mixtures = (awkward: Awkward): fc.Arbitrary<Product> =>
  fc
    .tuple(headSizes, fc.constantFrom('elastic', 'plain', 'shifted'), zeroPoints, seeds)
    .map(([{ batch, heads, queries, keys, size }, kind, zeroV, seed]) => {
      const [shapeP, shapeV] = [[batch, heads, queries, keys] as const, [batch, heads, keys, size] as const];
      // Shares of a row, as a softmax gives them, but the same numbers for both backends.
      const p = numbers(shapeP, seed, awkward).map(
        (value) => Math.exp(Math.max(-4, Math.min(4, value))) / (1.65 * keys),
      );
      const v = numbers(shapeV, seed + 1, awkward);
      const [alphaP, alphaV] = [alphasOf(heads, seed + 2).map((value) => value / keys), alphasOf(heads, seed + 3)];
      const zeroP = kind === 'shifted' ? [-1, -1, 1, 2] : null;
      const made = () =>
        [
          [tensor4(shapeP, p), tf.tensor1d(alphaP), vector(zeroP, heads)],
          [tensor4(shapeV, v), tf.tensor1d(alphaV), vector(zeroV, heads)],
        ] as const;
      const product = {
        packed: () => {
          const [[a, alpha, zeroPoint], [b, alphaB, zeroPointB]] = made();
          const rule =
            kind === 'elastic' ? ({ kind, alpha } as const) : ({ kind: 'sign-alpha', alpha, zeroPoint } as const);
          const right = packValues(b, { kind: 'sign-alpha', alpha: alphaB, zeroPoint: zeroPointB });
          return multiplyHeads(packHeadRows(a, rule), right);
        },
        floats: () => {
          const [left, right] = made();
          const quantized = kind === 'elastic' ? applyElastic(left[0], left[1]) : applySignAlpha(...left, 1);
          return multiplyQuantized(quantized, applySignAlpha(...right, 1), false);
        },
      };
      return described(product, { batch, heads, queries, keys, size, kind, zeroV, seed });
    });
