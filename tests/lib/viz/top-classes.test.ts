import { describe, expect, it } from 'vitest';
import { topClasses } from '@/lib/viz/top-classes';

describe('topClasses', () => {
  it('lists the largest first', () => {
    expect(topClasses(Float32Array.of(0.1, 0.6, 0.3), 2)).toEqual([1, 2]);
  });

  it('puts the earlier class first among equals', () => {
    expect(topClasses([0.25, 0.25, 0.25, 0.25], 3)).toEqual([0, 1, 2]);
  });

  it('leaves out what is no number and gives fewer where there are fewer', () => {
    expect(topClasses([NaN, 0.5], 5)).toEqual([1]);
    expect(topClasses([], 5)).toEqual([]);
  });
});
