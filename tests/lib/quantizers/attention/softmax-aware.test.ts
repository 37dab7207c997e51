import { describe, expect, it } from 'vitest';
import { attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import { softmaxAware } from '@/lib/quantizers/attention/softmax-aware/binarizer';
import { headOfMap, itFollows, rowOf, share } from './heads';

describe('the softmax-aware threshold', () => {
  itFollows('softmax-aware', ({ p, s }) => ({
    values: p.map((x) => (x >= Math.max(...p) / 4 ? 1 : 0)),
    passShare: share(s.map((x) => Math.abs(x) < 1)),
  }));

  it('keeps exactly a quarter of the largest', () => {
    const rows = [
      [0.4, 0.1, 0.28, 0.22],
      [0.25, 0.25, 0.25, 0.25],
      [1, 0, 0, 0],
      [0.5, 0.125, 0.1875, 0.1875],
    ];
    const { values } = attentionBinarizer('softmax-aware').binarize(headOfMap(rows), 'official');
    expect([0, 2, 3].map((i) => rowOf(values, 4, i))).toEqual([
      [1, 1, 1, 1],
      [1, 0, 0, 0],
      [1, 1, 1, 1],
    ]);
  });

  it('has the same threshold on the scores', () => {
    expect([2, 0.62, 0.61].map((s) => softmaxAware.forward(s, { largest: 2 }))).toEqual([1, 1, 0]);
    expect([-1, -0.99, 0.99, 1].map((s) => softmaxAware.surrogate(s, { largest: 9 }))).toEqual([0, 1, 1, 0]);
  });
});
