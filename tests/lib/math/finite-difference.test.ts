import { describe, expect, test } from 'vitest';
import { finiteDifference } from '@/lib/math/finite-difference';

describe('finiteDifference', () => {
  test('finds the gradient of a smooth function to nine digits', () => {
    const point = [0.3, -2, 40];
    const gradient = finiteDifference(
      (x) => Math.sin(Number(x[0])) + Number(x[1]) ** 3 + Math.sqrt(Number(x[2])),
      point,
    );
    const exact = [Math.cos(0.3), 3 * 4, 0.5 / Math.sqrt(40)];
    exact.forEach((value, i) => expect(Math.abs(Number(gradient[i]) / value - 1)).toBeLessThan(1e-8));
  });

  test('widens its step with the point, so that a large one still moves', () => {
    expect(finiteDifference((x) => 3 * Number(x[0]), [1e15])[0]).toBeCloseTo(3, 8);
    expect(finiteDifference((x) => 3 * Number(x[0]), [0])[0]).toBeCloseTo(3, 8);
  });

  test('leaves the point as it was', () => {
    const point = Float64Array.of(1, 2);
    finiteDifference((x) => x.fill(0)[0] ?? 0, point);
    expect([...point]).toEqual([1, 2]);
  });
});
