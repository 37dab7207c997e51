import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittedElastic, quantizeElastic } from '@/lib/quantizers/fitted-elastic';
import {
  quantizeLeastSquares,
  quantizeSymmetric,
  quantizeUnsigned,
  symmetricUniform,
  unsignedUniform,
  type UniformLevels,
} from '@/lib/quantizers/uniform';
import { tf } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';

const BITS = [1, 2, 3, 4, 8] as const;
const bits = fc.constantFrom(...BITS);
const several = fc.constantFrom(2, 3, 4, 8);
const float = fc.integer({ min: -20_000, max: 20_000 }).map((n) => Math.fround(n / 1000));
const row = fc.array(float, { minLength: 1, maxLength: 24 });
const positive = row.map((values) => values.map(Math.abs));

interface Result {
  readonly integers: readonly number[];
  readonly scale: number;
  readonly values: readonly number[];
}

/** One row, along its last axis. */
function quantized(
  values: readonly number[],
  b: number,
  quantize: (x: tf.Tensor2D, b: number, axis: number) => UniformLevels<tf.Tensor2D> = quantizeSymmetric,
): Result {
  return tf.tidy(() => {
    const { integers, scale } = quantize(tf.tensor2d([...values], [1, values.length]), b, 1);
    return {
      // -0 is 0 here.
      integers: Array.from(integers.dataSync(), (n) => n + 0),
      scale: scale.dataSync()[0] ?? NaN,
      values: Array.from(tf.mul(integers, scale).dataSync()),
    };
  });
}

function largest(values: readonly number[]): number {
  return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

function squaredError(values: readonly number[], result: Result): number {
  return values.reduce((sum, x, i) => sum + (x - (result.values[i] ?? NaN)) ** 2, 0);
}

describeOnEachBackend('a uniform quantizer', () => {
  it('gives whole numbers no larger than its levels, and reaches the outermost', () => {
    fc.assert(
      fc.property(row, bits, (values, b) => {
        const { integers } = quantized(values, b);
        const levels = b === 1 ? 1 : 2 ** (b - 1) - 1;
        expect(integers.every(Number.isInteger)).toBe(true);
        expect(largest(integers)).toBe(b > 1 && largest(values) === 0 ? 0 : levels);
      }),
      { numRuns: 60 },
    );
  });

  it('errs by at most half a step, with two bits and more', () => {
    fc.assert(
      fc.property(row, several, (values, b) => {
        const { scale, values: after } = quantized(values, b);
        values.forEach((x, i) => expect(Math.abs(x - (after[i] ?? NaN))).toBeLessThanOrEqual(scale / 2 + 1e-5));
      }),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(positive, several, (values, b) => {
        const { scale, values: after } = quantized(values, b, quantizeUnsigned);
        values.forEach((x, i) => expect(Math.abs(x - (after[i] ?? NaN))).toBeLessThanOrEqual(scale / 2 + 1e-5));
      }),
      { numRuns: 60 },
    );
  });

  it('changes nothing that it has quantized already', () => {
    fc.assert(
      fc.property(row, bits, (values, b) => {
        const once = quantized(values, b);
        const twice = quantized(once.values, b);
        if (once.scale > 0) expect(twice.integers).toEqual(once.integers);
        twice.values.forEach((x, i) => expect(x).toBeCloseTo(once.values[i] ?? NaN, 4));
      }),
      { numRuns: 60 },
    );
  });

  it('is odd: the negative of a row becomes the negative of what the row becomes (but for the bit of a 0)', () => {
    fc.assert(
      fc.property(row, bits, (values, b) => {
        const [there, mirrored] = [
          quantized(values, b),
          quantized(
            values.map((x) => -x),
            b,
          ),
        ];
        expect(mirrored.scale).toBe(there.scale);
        mirrored.integers.forEach((n, i) => {
          if (b > 1 || values[i] !== 0) expect(n + (there.integers[i] ?? NaN)).toBe(0);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('keeps 0 at 0, except at one bit, where q(0) = +1; a row of zeros stays one', () => {
    for (const b of BITS)
      expect(quantized([0, -0, 3, -2], b).integers.slice(0, 2).map(Math.abs)).toEqual(b === 1 ? [1, 1] : [0, 0]);
    expect(quantized([0, -0, 3, -2], 1).integers).toEqual([1, 1, 1, -1]);
    for (const b of BITS) expect(quantized([0, 0], b).values.map(Math.abs)).toEqual([0, 0]);
    expect(quantized([0, 0], 4, quantizeUnsigned).values.map(Math.abs)).toEqual([0, 0]);
    expect(quantized([0, 0], 4, quantizeLeastSquares).values.map(Math.abs)).toEqual([0, 0]);
  });

  it('equals its scalar form in float64', () => {
    const values = [-7, -3.4, -0.5, 0, 0.2, 1.9, 5.6, 7];
    for (const b of BITS) {
      const { scale, values: after } = quantized(values, b);
      const { forward } = symmetricUniform(b);
      after.forEach((x, i) => expect(x).toBeCloseTo(forward(values[i] ?? NaN, { scale }), 5));
      if (b === 1) continue;
      const unsigned = quantized(values.map(Math.abs), b, quantizeUnsigned);
      const scalar = unsignedUniform(b);
      unsigned.values.forEach((x, i) =>
        expect(x).toBeCloseTo(scalar.forward(Math.abs(values[i] ?? NaN), { scale: unsigned.scale }), 5),
      );
    }
  });

  it('takes one scale for each slice, along the axis that it is given', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([
        [1, -8],
        [2, 4],
      ]);
      expect(quantizeSymmetric(x, 4, 1).scale.arraySync()).toEqual([[Math.fround(8 / 7)], [Math.fround(4 / 7)]]);
      expect(quantizeSymmetric(x, 4, 0).scale.arraySync()).toEqual([[Math.fround(2 / 7), Math.fround(8 / 7)]]);
      expect(quantizeSymmetric(x, 1, 1).scale.arraySync()).toEqual([[4.5], [3]]);
    });
  });

  it('by least squares never errs more than by the largest value, and is the mean at one bit', () => {
    fc.assert(
      fc.property(row, bits, (values, b) => {
        const best = squaredError(values, quantized(values, b, quantizeLeastSquares));
        expect(best).toBeLessThanOrEqual(squaredError(values, quantized(values, b)) * (1 + 1e-4) + 1e-6);
      }),
      { numRuns: 40 },
    );
    const outlier = [...Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 1 : -1)), 6];
    expect(squaredError(outlier, quantized(outlier, 2, quantizeLeastSquares))).toBeLessThan(
      squaredError(outlier, quantized(outlier, 2)) * 0.9,
    );
  });

  it('leaves no tensor but its integers and scales', () => {
    const x = tf.tensor2d([[1, -2, 3]]);
    const before = tf.memory().numTensors;
    for (const quantize of [quantizeSymmetric, quantizeUnsigned, quantizeLeastSquares]) {
      const { integers, scale } = quantize(x, 4, 1);
      expect(tf.memory().numTensors).toBe(before + 2);
      tf.dispose([integers, scale]);
    }
    x.dispose();
  });

  it('fits the alpha of elastic attention: twice the mean, or the least-squares level above half of itself', () => {
    tf.tidy(() => {
      const p = tf.tensor4d([0.7, 0.1, 0.1, 0.1, 0.4, 0.4, 0.1, 0.1, 0, 0, 0, 0], [1, 3, 2, 2]);
      const mean = quantizeElastic(p, 'mean');
      expect(Array.from(mean.scale.dataSync())).toEqual([0.5, 0.5, 0].map(Math.fround));
      const { integers, scale } = quantizeElastic(p, 'least-squares');
      const [first = NaN, second = NaN, none] = scale.dataSync();
      expect(first).toBeCloseTo(0.7, 6);
      expect(second).toBeCloseTo(0.4, 6);
      expect(none).toBe(0);
      expect(Array.from(integers.dataSync())).toEqual([1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
      expect([0.7, 0.36, 0.35, 0].map((x) => fittedElastic.forward(x, { alpha: 0.7 }))).toEqual([0.7, 0.7, 0, 0]);
    });
  });
});

describe('a uniform quantizer’s record', () => {
  it('says where it comes from, and has no fractional, zero or huge bits', () => {
    for (const b of BITS) {
      const { bits: stated, source, equation, surrogate } = symmetricUniform(b);
      expect(stated).toBe(b);
      expect(source).toMatch(b === 1 ? /1603\.05279/ : /1806\.08342/);
      expect(equation).not.toBe('');
      expect(surrogate(5, { scale: 1 })).toBe(1);
    }
    for (const b of [0, -1, 1.5, 9, 32, NaN, Infinity]) expect(() => symmetricUniform(b)).toThrow(RangeError);
    expect(() => unsignedUniform(1)).toThrow(RangeError);
    expect(unsignedUniform(2).surrogate(5, { scale: 1 })).toBe(1);
  });
});
