/** Each quantizer's tensors against its own scalars in float64, value by value and gradient by gradient. */
import { expect, it } from 'vitest';
import { createRng } from '@/lib/math/rng';
import { applyBiRealSign, biRealSign } from '@/lib/quantizers/bi-real-sign';
import { applyElastic, elastic, elasticGradientOfAlpha } from '@/lib/quantizers/elastic';
import { applySignAlpha, signAlpha, signAlphaGradientOfAlpha } from '@/lib/quantizers/sign-alpha';
import { signTensor } from '@/lib/quantizers/sign';
import { multiplyByWeightSigns, weightSign } from '@/lib/quantizers/weight-sign';
import { tf, valueAndGradients } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';

/** Exact in float32 and on both sides of every edge, edges and zeros included. */
const EDGES = [-2.5, -1.5, -1, -0.75, -0.5, -0.25, -0, 0, 0.25, 0.5, 0.75, 1, 1.5, 2.5];
const ALPHAS = [1, 0.5, 2];
const SHAPE = [2, ALPHAS.length, EDGES.length / 2, 1] as const; // [B, H, N, D]

/** Every edge in every head: [B, H, N, D]. */
function edgesInEveryHead(): tf.Tensor4D {
  const half = EDGES.length / 2;
  const values = [0, 1].flatMap((b) => ALPHAS.flatMap(() => EDGES.slice(b * half, (b + 1) * half)));
  return tf.tensor4d(values, [...SHAPE]);
}

function headOf(i: number): number {
  return Math.floor(i / (EDGES.length / 2)) % ALPHAS.length;
}

/** Gradients of sum(f(xs) * cotangent), as arrays. */
function gradientsOf(f: () => tf.Tensor, cotangent: tf.Tensor, xs: readonly tf.Tensor[]): readonly number[][] {
  return tf.tidy(() => {
    const { gradients } = valueAndGradients(() => tf.sum(tf.mul(f(), cotangent)), xs);
    return gradients.map((gradient) => Array.from(gradient?.dataSync() ?? []));
  });
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i], `element ${i}`).toBeCloseTo(value, 5));
}

describeOnEachBackend('quantizers on tensors', () => {
  it('the sign has the stated value at 0 and at -0', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([-3, -0, 0, 1e-30, 3]);
      expect(Array.from(signTensor(x, 1).dataSync())).toEqual([-1, 1, 1, 1, 1]);
      expect(Array.from(signTensor(x, 0).dataSync())).toEqual([-1, 0, 0, 1, 1]);
    });
  });

  it.each([0, 1] as const)(
    'Bi-Real sign with sign(0) = %i equals its scalar form, forward and backward',
    (signOfZero) => {
      tf.tidy(() => {
        const x = tf.tensor1d(EDGES);
        expectClose(
          applyBiRealSign(x, { signOfZero }).dataSync(),
          EDGES.map((v) => biRealSign.forward(v, { signOfZero })),
        );
        const [gradient = []] = gradientsOf(() => applyBiRealSign(x, { signOfZero }), tf.fill([EDGES.length], 3), [x]);
        expectClose(
          gradient,
          EDGES.map((v) => 3 * biRealSign.surrogate(v, { signOfZero })),
        );
      });
    },
  );

  it.each([
    { zeroPoints: null, signOfZero: 1 as const },
    { zeroPoints: null, signOfZero: 0 as const },
    { zeroPoints: [-1.2, 0.3, 0.7], signOfZero: 0 as const },
    { zeroPoints: [0.5, 1.5, -2.5], signOfZero: 0 as const }, // halves round to even: 0, 2, -2
  ])('sign-alpha equals its scalar form, forward and backward: %o', ({ zeroPoints, signOfZero }) => {
    tf.tidy(() => {
      const rounded = zeroPoints === null ? [0, 0, 0] : zeroPoints.map(halfToEven);
      const at = (i: number) => ({ alpha: ALPHAS[headOf(i)] ?? NaN, zeroPoint: rounded[headOf(i)] ?? NaN, signOfZero });
      const x = edgesInEveryHead();
      const values = Array.from(x.dataSync());
      const cotangents = values.map((_, i) => 1 + (i % 5));
      const alpha = tf.tensor1d(ALPHAS);
      const zeroPoint = zeroPoints === null ? null : tf.tensor1d(zeroPoints);
      const apply = () => applySignAlpha(x, alpha, zeroPoint, signOfZero).value;

      expectClose(
        apply().dataSync(),
        values.map((v, i) => signAlpha.forward(v, at(i))),
      );

      const xs = zeroPoint === null ? [x, alpha] : [x, alpha, zeroPoint];
      const [ofX = [], ofAlpha = [], ofZeroPoint] = gradientsOf(apply, tf.tensor4d(cotangents, [...SHAPE]), xs);
      expectClose(
        ofX,
        values.map((v, i) => (cotangents[i] ?? NaN) * signAlpha.surrogate(v, at(i))),
      );
      const perHead = (slope: (v: number, i: number) => number): number[] =>
        ALPHAS.map((_, head) =>
          values.reduce((sum, v, i) => sum + (headOf(i) === head ? (cotangents[i] ?? NaN) * slope(v, i) : 0), 0),
        ).map((sum) => sum / Math.sqrt(values.length));
      expectClose(
        ofAlpha,
        perHead((v, i) => signAlphaGradientOfAlpha(v, at(i))),
      );
      if (ofZeroPoint !== undefined) {
        expectClose(
          ofZeroPoint,
          perHead((v, i) => (signAlpha.surrogate(v, at(i)) === 1 ? 0 : -at(i).alpha)),
        );
      }
    });
  });

  it('levels are integers whose product with the scale is the value', () => {
    tf.tidy(() => {
      const alpha = tf.tensor1d(ALPHAS);
      const { value, levels } = applySignAlpha(edgesInEveryHead(), alpha, tf.tensor1d([-1, 0, 2]), 0);
      if (levels === null) throw new Error('no levels');
      const integers = levels.integers.dataSync();
      expect(integers.every(Number.isInteger)).toBe(true);
      expectClose(
        value.dataSync(),
        Array.from(integers, (n, i) => n * (ALPHAS[headOf(i)] ?? NaN)),
      );
    });
  });

  it('elastic equals its scalar form, forward and backward', () => {
    tf.tidy(() => {
      const at = (i: number) => ({ alpha: ALPHAS[headOf(i)] ?? NaN });
      const p = edgesInEveryHead();
      const values = Array.from(p.dataSync());
      const alpha = tf.tensor1d(ALPHAS);
      const apply = () => applyElastic(p, alpha).value;
      expectClose(
        apply().dataSync(),
        values.map((v, i) => elastic.forward(v, at(i))),
      );
      const [ofP = [], ofAlpha = []] = gradientsOf(apply, tf.onesLike(p), [p, alpha]);
      expectClose(
        ofP,
        values.map((v, i) => elastic.surrogate(v, at(i))),
      );
      expectClose(
        ofAlpha,
        ALPHAS.map((_, head) =>
          values.reduce((sum, v, i) => sum + (headOf(i) === head ? elasticGradientOfAlpha(v, at(i)) : 0), 0),
        ).map((sum) => sum / Math.sqrt(values.length)),
      );
    });
  });

  it('a binary product sums integers before its scales, and gives the official gradients', () => {
    tf.tidy(() => {
      const rng = createRng(7);
      const [rows, from, to] = [3, 9, 4];
      const signs = Array.from({ length: rows * from }, () => (rng.uniform() < 0.5 ? -1 : 1));
      const weights = Array.from({ length: to * from }, () => Math.fround(1.2 * rng.normal()));
      const cotangents = Array.from({ length: rows * to }, () => Math.fround(rng.normal()));
      const a = tf.tensor2d(signs, [rows, from]);
      const weight = tf.tensor2d(weights, [to, from]);
      const scale = Array.from({ length: to }, (_, o) => {
        return weights.slice(o * from, (o + 1) * from).reduce((sum, w) => sum + Math.abs(w), 0) / from;
      });
      const binary = weights.map((w, i) =>
        weightSign.forward(w, { scale: scale[Math.floor(i / from)] ?? NaN, signOfZero: 0 }),
      );
      const product = (left: (i: number) => number, right: (i: number) => number, n: number) =>
        Array.from({ length: n }, (_, i) => left(i) * right(i)).reduce((sum, term) => sum + term, 0);
      const cell = (array: readonly number[], index: number): number => array[index] ?? NaN;

      const apply = () => multiplyByWeightSigns(a, { kind: 'latent', weight }, 0);
      const expected = Array.from({ length: rows * to }, (_, i) => {
        const [m, o] = [Math.floor(i / to), i % to];
        return product(
          (k) => cell(signs, m * from + k),
          (k) => cell(binary, o * from + k),
          from,
        );
      });
      expectClose(apply().dataSync(), expected);

      const [ofSigns = [], ofWeight = []] = gradientsOf(apply, tf.tensor2d(cotangents, [rows, to]), [a, weight]);
      expectClose(
        ofSigns,
        signs.map((_, i) => {
          const [m, k] = [Math.floor(i / from), i % from];
          return product(
            (o) => cell(cotangents, m * to + o),
            (o) => cell(binary, o * from + k),
            to,
          );
        }),
      );
      // Not multiplied by the scale.
      expectClose(
        ofWeight,
        weights.map((w, i) => {
          const [o, k] = [Math.floor(i / from), i % from];
          return (
            (Math.abs(w) <= 1 ? 1 : 0) *
            product(
              (m) => cell(cotangents, m * to + o),
              (m) => cell(signs, m * from + k),
              rows,
            )
          );
        }),
      );
    });
  });

  it('none of them leaks a tensor', () => {
    const x = edgesInEveryHead();
    const alpha = tf.tensor1d(ALPHAS);
    const weight = tf.tensor2d([[0.5], [-2]]);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const f = () => {
        const signed = applySignAlpha(x, alpha, null, 1).value;
        const row = tf.reshape<tf.Rank.R2>(
          applyBiRealSign(applyElastic(signed, alpha).value, { signOfZero: 1 }),
          [-1, 1],
        );
        return tf.sum<tf.Scalar>(multiplyByWeightSigns(row, { kind: 'latent', weight }, 1));
      };
      valueAndGradients(f, [x, alpha, weight]);
    });
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([x, alpha, weight]);
  });
});

function halfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
