import { describe, expect, it } from 'vitest';
import { stackSegments } from '@/lib/viz/stack-segments';

describe('stackSegments', () => {
  it('lays values end to end over the whole width', () => {
    expect(stackSegments([1, 0, 3], 100)).toEqual([
      { start: 0, end: 25 },
      { start: 25, end: 25 },
      { start: 25, end: 100 },
    ]);
  });

  it('has no length where all values are 0', () => {
    expect(stackSegments([0, 0], 100)).toEqual([
      { start: 0, end: 0 },
      { start: 0, end: 0 },
    ]);
  });
});
