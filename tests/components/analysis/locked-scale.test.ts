import { describe, expect, it } from 'vitest';
import { lockedTop, ownTop } from '@/components/analysis/locked-scale';
import type { Trace } from '@/engine/protocol';
import { makeTrace } from '../fake-app';

function withAttention(values: readonly number[]): Trace {
  const trace = makeTrace(3, null);
  return { ...trace, layers: trace.layers.map((layer) => ({ ...layer, attention: Float32Array.from(values) })) };
}

describe('the locked scale', () => {
  it('is the smallest step that leaves at most three entries in a hundred above it', () => {
    const hundred = Array.from({ length: 100 }, () => 0.02);
    expect(lockedTop(withAttention(hundred))).toBe(0.05);
    expect(lockedTop(withAttention([...hundred.slice(3), 0.15, 0.15, 0.9]))).toBe(0.05);
    expect(lockedTop(withAttention([...hundred.slice(4), 0.15, 0.15, 0.15, 0.15]))).toBe(0.2);
    expect(lockedTop(withAttention([1, 1, 0]))).toBe(1);
  });

  it('has a top before there is a teacher, too', () => {
    expect(lockedTop(null)).toBeGreaterThan(0);
  });

  it('does not divide by nothing for a map of zeros', () => {
    expect(ownTop(new Float32Array(4))).toBe(1);
    expect(ownTop([0.1, -0.3])).toBe(0.3);
  });
});
