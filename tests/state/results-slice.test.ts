import { describe, expect, it } from 'vitest';
import { INITIAL_RESULTS, markStale, showResult } from '@/state/results-slice';
import { greyImage, greySample } from '@/state/sample-sources';

describe('results', () => {
  it('become stale only when there is something to be stale', () => {
    const image = greyImage(greySample({ index: 0, label: 7, bytes: new Uint8Array(784) }, [], 28));
    expect(markStale(INITIAL_RESULTS)).toBe(INITIAL_RESULTS);
    const shown = showResult(image, { logits: {}, traces: {}, forwardMs: {}, paths: {} }, false);
    expect(shown.trueClass).toBe(7);
    expect(markStale(shown)).toEqual({ ...shown, stale: true });
  });
});
