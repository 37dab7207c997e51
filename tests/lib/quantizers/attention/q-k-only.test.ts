import { describe, expect, it } from 'vitest';
import { at } from '@/lib/math/number-row';
import { attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import { applyQKOnly, qKOnly } from '@/lib/quantizers/attention/q-k-only/binarizer';
import { tf } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';
import {
  cotangents,
  expectClose,
  gradientOf,
  headsOf,
  itFollows,
  randomMaps,
  rowOf,
  share,
  SIZE,
  TOKENS,
} from './heads';

describe('binary q and k', () => {
  itFollows('q-k-only', ({ p, i }, _, { q: allQ, k, tokens }) => {
    const size = allQ.length / tokens;
    const mean = (side: ArrayLike<number>) => Array.from(side).reduce((sum, x) => sum + Math.abs(x), 0) / side.length;
    const sign = (x: number) => (x >= 0 ? 1 : -1);
    const q = rowOf(allQ, size, i);
    const products = p.map((_each, j) => rowOf(k, size, j).reduce((sum, x, d) => sum + sign(x) * sign(at(q, d)), 0));
    const powers = products.map((x) => Math.exp((mean(allQ) * mean(k) * x) / Math.sqrt(size)));
    const total = powers.reduce((sum, x) => sum + x, 0);
    return {
      values: powers.map((x) => x / total),
      passShare: share([...q, ...Array.from(k)].map((x) => Math.abs(x) <= 1)),
    };
  });

  it('has sign(0) = +1, and a closed window', () => {
    expect([0, -0, -3].map((x) => qKOnly.forward(x, { mu: 0.5 }))).toEqual([0.5, 0.5, -0.5]);
    expect([-1, 1, 1.001].map((x) => qKOnly.surrogate(x, { mu: 0.5 }))).toEqual([1, 1, 0]);
  });
});

describeOnEachBackend('binary q and k on tensors', () => {
  it.each([1, 2, 3])('give the whole-head form’s map (%i)', (seed) => {
    tf.tidy(() => {
      const maps = randomMaps(seed, 2);
      const [q, k] = [applyQKOnly(maps.q), applyQKOnly(maps.k)];
      const scores = tf.div(tf.matMul(q.value, k.value, false, true), Math.sqrt(SIZE));
      const expected = headsOf(maps).flatMap((head) => [
        ...attentionBinarizer('q-k-only').binarize(head, 'official').values,
      ]);
      expectClose(tf.softmax(scores, -1).dataSync(), expected);
      expect(q.levels?.integers.dataSync().every((sign) => Math.abs(sign) === 1)).toBe(true);
    });
  });

  it('pass the sign’s gradient in the window, and differentiate mu as it stands', () => {
    tf.tidy(() => {
      const { q } = randomMaps(4);
      const cotangent = cotangents(q.shape, 5);
      const [x, g] = [q.dataSync<'float32'>(), cotangent.dataSync<'float32'>()];
      const size = TOKENS * SIZE;
      const expected = Array.from(x, (value, i) => {
        const start = Math.floor(i / size) * size;
        const head = x.slice(start, start + size);
        const mu = head.reduce((sum, each) => sum + Math.abs(each), 0) / size;
        const ofMu = head.reduce((sum, each, j) => sum + at(g, start + j) * Math.sign(each), 0) / size;
        return at(g, i) * mu * qKOnly.surrogate(value, { mu }) + Math.sign(value) * ofMu;
      });
      expectClose(
        gradientOf(() => applyQKOnly(q), cotangent, q),
        expected,
      );
    });
  });
});
