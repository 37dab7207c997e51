import { describe, expect, it } from 'vitest';
import { explainSoftmaxEntry, softmaxRow } from '@/lib/metrics/softmax-entry';

describe('an entry of a softmaxed row', () => {
  it('is the exponential over the sum of exponentials', () => {
    const scores = [0, Math.log(3)];
    expect(softmaxRow(scores)?.[1]).toBeCloseTo(0.75, 12);
    expect(explainSoftmaxEntry(scores, 1).result).toBeCloseTo(0.75, 12);
  });

  it('shows the values that make it', () => {
    const { terms, latex } = explainSoftmaxEntry([1, 1, 1, 1], 2);
    expect(terms.map(({ value }) => value)).toEqual([1, 1, 4]);
    expect(latex).toContain('= 0.25');
  });

  it('does not overflow for large scores', () => {
    expect(explainSoftmaxEntry([1e4, 0], 0).result).toBe(1);
  });

  it('is undefined where a score is not a number', () => {
    expect(softmaxRow([0, Number.NaN])).toBeNull();
    expect(explainSoftmaxEntry([0, Number.NaN], 0).result).toBeNull();
  });

  it('is refused outside the row', () => {
    expect(() => explainSoftmaxEntry([0, 1], 2)).toThrow(RangeError);
  });
});
