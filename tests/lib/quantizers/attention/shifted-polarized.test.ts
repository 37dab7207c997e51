import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finiteDifference } from '@/lib/math/finite-difference';
import { at } from '@/lib/math/number-row';
import { attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import { bool } from '@/lib/quantizers/attention/bool/binarizer';
import { fitThreshold, shiftedPolarized } from '@/lib/quantizers/attention/shifted-polarized/binarizer';
import { tf } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';
import {
  cotangents,
  expectClose,
  FITS,
  gradientOf,
  headOfMap,
  itFollows,
  randomHead,
  randomMaps,
  share,
} from './heads';

describe('the shifted polarized softmax', () => {
  itFollows('shifted-polarized', ({ s }, [lambda = NaN]) => ({
    values: s.map((x) => (x >= lambda ? 1 : 0)),
    passShare: share(s.map((x) => Math.abs(x - lambda) < 1)),
  }));

  it('has a threshold that no other betters, for it differs least from the elastic map', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(...FITS), (seed, fit) => {
        const head = randomHead(seed, 5);
        const wanted = attentionBinarizer('elastic').binarize(head, fit).values;
        const scores = Array.from(head.scores);
        const misses = (lambda: number) =>
          scores.filter((s, i) => shiftedPolarized.forward(s, { lambda }) !== Math.sign(at(wanted, i))).length;
        const { lambda } = fitThreshold(head, fit);
        expect(misses(lambda)).toBe(Math.min(...[-1e3, 1e3, ...scores, ...scores.map((s) => s + 1e-9)].map(misses)));
      }),
    );
  });

  it('keeps nothing where elastic keeps nothing, and ties together', () => {
    const even = headOfMap([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    expect(attentionBinarizer('shifted-polarized').binarize(even, 'official').values).toEqual(new Float64Array(4));
    const tied = headOfMap(
      [
        [0.9, 0.1],
        [0.9, 0.1],
      ],
      [
        [2, 2],
        [3, 2],
      ],
    );
    expect(fitThreshold(tied, 'official')).toEqual({ lambda: 3 });
  });

  it('is bool at a threshold of 0, and its surrogate is the slope of the clip that it stands for', () => {
    const clip =
      (lambda: number) =>
      ([s = NaN]: Float64Array) =>
        Math.min(1, Math.max(-1, s - lambda));
    for (const s of [-1.7, -0.4, -0, 0.2, 0.6, 1.1, 2.2]) {
      expect(shiftedPolarized.forward(s, { lambda: 0 })).toBe(bool.forward(s, {}));
      expect(shiftedPolarized.surrogate(s, { lambda: 0 })).toBe(bool.surrogate(s, {}));
      expect(shiftedPolarized.surrogate(s, { lambda: 0.5 })).toBeCloseTo(finiteDifference(clip(0.5), [s])[0] ?? NaN, 8);
    }
  });
});

describeOnEachBackend('the shifted polarized softmax on tensors', () => {
  it('has thresholds per head, and sends the gradient to the scores', () => {
    tf.tidy(() => {
      const maps = randomMaps(2, 2);
      const lambda = [0.3, -0.2, 1.5];
      const apply = () => {
        const value = attentionBinarizer('shifted-polarized').apply?.(maps, { lambda: tf.tensor1d(lambda) });
        if (value === undefined) throw new Error('no tensors');
        return value;
      };
      const scores = maps.scores.dataSync();
      const cotangent = cotangents(maps.scores.shape, 3);
      const headOf = (i: number) => ({
        lambda: Math.fround(
          at(lambda, Math.floor((i * maps.scores.shape[0] * lambda.length) / scores.length) % lambda.length),
        ),
      });
      expectClose(
        apply().value.dataSync(),
        Array.from(scores, (s, i) => shiftedPolarized.forward(s, headOf(i))),
      );
      const weights = cotangent.dataSync();
      expectClose(
        gradientOf(apply, cotangent, maps.scores),
        Array.from(scores, (s, i) => at(weights, i) * shiftedPolarized.surrogate(s, headOf(i))),
      );
    });
  });
});
