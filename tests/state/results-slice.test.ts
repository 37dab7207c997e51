import { describe, expect, it } from 'vitest';
import { INITIAL_RESULTS, markStale, showResult } from '@/state/results-slice';

describe('results', () => {
  it('become stale only when there is something to be stale', () => {
    expect(markStale(INITIAL_RESULTS)).toBe(INITIAL_RESULTS);
    const shown = showResult('k', { logits: {}, traces: {}, forwardMs: {}, paths: {} }, false);
    expect(markStale(shown)).toEqual({ ...shown, stale: true });
  });
});
