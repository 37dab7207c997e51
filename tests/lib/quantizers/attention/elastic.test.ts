import { describe, expect, it } from 'vitest';
import { attentionBinarizer } from '@/lib/quantizers/attention/binarizers';
import { headOfMap, itFollows, share } from './heads';

describe('elastic binarization of a map', () => {
  itFollows('elastic', ({ p }, [alpha = NaN]) => ({
    values: p.map((x) => (x / alpha <= 0.5 ? 0 : alpha)),
    passShare: share(p.map((x) => x / alpha <= 1)),
  }));

  it('asks for more than an even share at the official start, alpha = 2 / N', () => {
    const head = headOfMap([
      [0.7, 0.1, 0.15, 0.05],
      [0.25, 0.25, 0.25, 0.25],
      [0, 0, 0.5, 0.5],
      [0.3, 0.3, 0.2, 0.2],
    ]);
    const { values, passShare } = attentionBinarizer('elastic').binarize(head, 'official');
    expect([...values]).toEqual([0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0, 0]);
    expect(passShare(0)).toBe(0.75);
  });
});
