import { describe, expect, it } from 'vitest';
import { at, matrixRow } from '@/lib/math/number-row';
import { largestOf } from '@/lib/quantizers/attention/entrywise';
import {
  groupSuperposition,
  groupSuperpositionBinarizer,
} from '@/lib/quantizers/attention/group-superposition/binarizer';
import { tf } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';
import {
  applyFitted,
  cotangents,
  expectClose,
  gradientOf,
  headsOf,
  HEADS,
  itFollows,
  randomMaps,
  share,
  TOKENS,
} from './heads';

describe('group superposition', () => {
  itFollows('group-superposition', ({ p }, [a1 = NaN, a2 = NaN, a3 = NaN]) => {
    const largest = Math.max(...p);
    const lift = p.map((x) => (x > 0.7 * largest ? a2 : 0) + (x > 0.9 * largest ? a3 : 0));
    return {
      values: p.map((x, j) => (x / a1 <= 0.5 ? 0 : a1) + at(lift, j)),
      passShare: share(p.map((x, j) => x / a1 <= 1 || at(lift, j) !== 0)),
    };
  });

  it('adds its maps, and the lifts to its surrogate', () => {
    const parameters = { a1: 0.4, a2: 0.2, a3: 0.1, largest: 1 };
    const values = [0.2, 0.21, 0.7, 0.71, 0.91].map((p) => groupSuperposition.forward(p, parameters));
    expectClose(values, [0, 0.4, 0.4, 0.6, 0.7], 12);
    const slopes = [0.4, 0.41, 0.71, 0.91].map((p) => groupSuperposition.surrogate(p, parameters));
    expectClose(slopes, [1, 0, 0.2, 0.3], 12);
  });
});

describeOnEachBackend('group superposition on tensors', () => {
  it.each([1, 2, 3])('equals its scalar form over two pictures, with scales per head (%i)', (seed) => {
    tf.tidy(() => {
      const maps = randomMaps(seed, 2);
      const fitted = groupSuperpositionBinarizer.fit(maps, 'official');
      if (!('scales' in fitted)) throw new Error('no scales');
      const { a1 = [], a2 = [], a3 = [] } = fitted.scales;
      const heads = headsOf(maps);
      const eachEntry = (of: typeof groupSuperposition.forward) =>
        heads.flatMap(({ attention }, index) =>
          Array.from(attention, (p, i) => {
            const largest = largestOf(matrixRow(attention, TOKENS, Math.floor(i / TOKENS)));
            const head = index % HEADS;
            return of(p, { a1: at(a1, head), a2: at(a2, head), a3: at(a3, head), largest });
          }),
        );
      const apply = applyFitted('group-superposition', maps, 'official');
      expectClose(apply().value.dataSync(), eachEntry(groupSuperposition.forward));
      const cotangent = cotangents(maps.attention.shape, seed);
      const weights = cotangent.dataSync();
      expectClose(
        gradientOf(apply, cotangent, maps.attention),
        eachEntry(groupSuperposition.surrogate).map((slope, i) => slope * at(weights, i)),
      );
      expect(a1).toHaveLength(HEADS);
    });
  });
});
