import { describe, expect, it } from 'vitest';
import { biRealSign } from '@/lib/quantizers/bi-real-sign';
import { elastic } from '@/lib/quantizers/elastic';
import { nearestSample, stepCurve, whereNotZero } from '@/lib/viz/step-curve';

const grid = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

describe('a sampled function with jumps', () => {
  it('is two plateaus and one jump between two samples for a sign', () => {
    const x = [-1.5, -0.5, 0.5, 1.5];
    const { pieces, jumps } = stepCurve(x, [-1, -1, 1, 1]);
    expect(jumps).toEqual([{ x: 0, from: -1, to: 1 }]);
    expect(pieces).toEqual([
      [
        { x: -1.5, y: -1 },
        { x: -0.5, y: -1 },
        { x: 0, y: -1 },
      ],
      [
        { x: 0, y: 1 },
        { x: 0.5, y: 1 },
        { x: 1.5, y: 1 },
      ],
    ]);
  });

  it('keeps the third level of an official sign as a point between two jumps', () => {
    const x = grid(-2, 2, 41);
    const y = x.map((value) => biRealSign.forward(Math.abs(value) < 1e-9 ? 0 : value, { signOfZero: 0 }));
    const { pieces, jumps } = stepCurve(x, y);
    expect(jumps).toHaveLength(2);
    expect(pieces).toHaveLength(3);
    expect(pieces[1]).toHaveLength(1);
    expect(pieces[1]?.[0]?.y).toBe(0);
  });

  it('has no jump in a slope, however coarse the samples of its triangle are', () => {
    for (const count of [400, 41, 25]) {
      const x = grid(-4, 4, count);
      const y = x.map((value) => biRealSign.surrogate(value, { signOfZero: 1 }));
      expect(stepCurve(x, y).jumps).toEqual([]);
    }
  });

  it('finds each of the jumps of a staircase, where they are', () => {
    const x = grid(0, 1, 301);
    const y = x.map((p) => [1 / 6, 0.5, 5 / 6].filter((threshold) => p >= threshold).length);
    const { jumps } = stepCurve(x, y);
    expect(jumps).toHaveLength(3);
    [1 / 6, 0.5, 5 / 6].forEach((threshold, i) =>
      expect(Math.abs((jumps[i]?.x ?? 0) - threshold)).toBeLessThan(1 / 300),
    );
  });

  it('is one piece for a constant, and nothing for no samples', () => {
    expect(stepCurve([0, 1, 2], [3, 3, 3]).pieces).toHaveLength(1);
    expect(stepCurve([], [])).toEqual({ pieces: [], jumps: [] });
  });
});

describe('the window of a surrogate', () => {
  it('is where it is not 0', () => {
    const x = grid(-0.1, 0.4, 501);
    const [window, ...rest] = whereNotZero(
      x,
      x.map((p) => elastic.surrogate(p, { alpha: 0.2 })),
    );
    expect(rest).toEqual([]);
    expect(window?.lower).toBeCloseTo(0, 2);
    expect(window?.upper).toBeCloseTo(0.2, 2);
  });

  it('can be nothing, everything, or in parts', () => {
    expect(whereNotZero([0, 1], [0, 0])).toEqual([]);
    expect(whereNotZero([0, 1], [1, 1])).toEqual([{ lower: 0, upper: 1 }]);
    expect(whereNotZero([0, 1, 2, 3, 4], [1, 0, 0, 1, 1])).toEqual([
      { lower: 0, upper: 0 },
      { lower: 3, upper: 4 },
    ]);
  });
});

it('finds the sample nearest to a value', () => {
  expect(nearestSample([-1, 0, 1], 0.4)).toBe(1);
  expect(nearestSample([-1, 0, 1], 7)).toBe(2);
});
