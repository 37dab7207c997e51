import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isAbove, isBetween, isFrom, isInside, isWithin } from '@/lib/quantizers/steps';
import { tf } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';

/** Float32 as they come, and pairs of neighbours; neither NaN nor what overflows when two are subtracted. */
const number = fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 60), max: 2 ** 60 });

/** Zeros of either sign are equal. */
function numbersOf(tensor: tf.Tensor): number[] {
  return Array.from(tensor.dataSync(), (x) => x + 0);
}

describeOnEachBackend('a comparison by steps', () => {
  it('is that of the numbers themselves, where they are equal too', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 30 }), (pairs) => {
        tf.tidy(() => {
          const both = [...pairs, ...pairs.map(([a]) => [a, a] as const)];
          const x = tf.tensor1d(both.map(([a]) => a));
          const limit = tf.tensor1d(both.map(([, b]) => b));
          expect(numbersOf(isAbove(x, limit))).toEqual(both.map(([a, b]) => Number(a > b)));
          expect(numbersOf(isFrom(x, limit))).toEqual(both.map(([a, b]) => Number(a >= b)));
        });
      }),
    );
  });

  it('has windows with their ends, or without', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([-1.5, -1, -0.5, -0, 0, 1e-45, 0.5, 1, 1.0000001]);
      expect(numbersOf(isWithin(x, 1))).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 0]);
      expect(numbersOf(isInside(x, 1))).toEqual([0, 0, 1, 1, 1, 1, 1, 0, 0]);
      expect(numbersOf(isBetween(x, 0, 1))).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 0]);
    });
  });

  it('leaves no tensor behind but its result', () => {
    const x = tf.tensor1d([1, 2]);
    const before = tf.memory().numTensors;
    const results = [isAbove(x, 1), isFrom(x, 1), isWithin(x, 1), isInside(x, 1), isBetween(x, 0, 1)];
    expect(tf.memory().numTensors).toBe(before + results.length);
    tf.dispose([x, ...results]);
  });
});
