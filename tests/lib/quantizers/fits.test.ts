/** Least-squares scales against searches that try everything. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elastic } from '@/lib/quantizers/elastic';
import { fitSuperposition } from '@/lib/quantizers/attention/group-superposition/fit';
import { fitElastic, fitSignAlpha } from '@/lib/quantizers/fit-two-levels';
import { signAlpha } from '@/lib/quantizers/sign-alpha';

const loss = (row: readonly number[], forward: (p: number) => number): number =>
  row.reduce((sum, p) => sum + (p - forward(p)) ** 2, 0);

/** Ties and zeros are frequent: half of the draws come from a coarse grid. */
const entry = fc.oneof(
  fc.integer({ min: 0, max: 8 }).map((n) => n / 8),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const rowsOf = (length: number) =>
  fc.array(entry, { minLength: length, maxLength: length }).filter((row) => row.some((p) => p > 1e-3));

/** Evenly, and at and around every value of the row and its double. */
function gridOf(row: readonly number[]): readonly number[] {
  const even = Array.from({ length: 600 }, (_, i) => ((i + 1) / 600) * 2.2);
  const special = row.flatMap((p) => [
    p,
    2 * p,
    p * (1 - 1e-9),
    2 * p * (1 - 1e-9),
    p * (1 + 1e-9),
    2 * p * (1 + 1e-9),
  ]);
  return [...even, ...special].filter((alpha) => alpha > 0);
}

describe('the elastic fit', () => {
  it('has the loss it reports, and no scale of a fine grid has less', () => {
    fc.assert(
      fc.property(rowsOf(9), (row) => {
        const { alpha, loss: reported } = fitElastic(row);
        const at = (a: number) => loss(row, (p) => elastic.forward(p, { alpha: a }));
        expect(reported).toBeCloseTo(at(alpha), 10);
        expect(reported).toBeLessThanOrEqual(Math.min(...gridOf(row).map(at)) + 1e-9);
      }),
    );
  });

  it('is the value itself for a constant row, and refuses rows of zeros', () => {
    expect(fitElastic([0.3, 0.3, 0.3]).alpha).toBeCloseTo(0.3, 12);
    expect(fitElastic([0, 0.3, 0]).loss).toBeCloseTo(0, 12);
    expect(() => fitElastic([0, 0])).toThrow(RangeError);
    expect(() => fitElastic([])).toThrow(RangeError);
    expect(() => fitElastic([NaN, NaN])).toThrow(RangeError);
  });
});

describe('the fit of sign with a scale and a zero point', () => {
  it('has the loss it reports, and no scale of a fine grid has less, for z = 0 and z = -1', () => {
    fc.assert(
      fc.property(rowsOf(9), (row) => {
        const { alpha, loss: reported } = fitSignAlpha(row);
        const at = (a: number, z: number, signOfZero: 0 | 1) =>
          loss(row, (p) => signAlpha.forward(p, { alpha: a, zeroPoint: z, signOfZero }));
        expect(reported).toBeCloseTo(at(alpha, -1, 1), 10);
        const others = gridOf(row).flatMap((a) => [at(a, 0, 0), at(a, 0, 1), at(a, -1, 1)]);
        expect(reported).toBeLessThanOrEqual(Math.min(...others) + 1e-9);
      }),
    );
  });

  it('has two levels, whatever a third one could meet by chance', () => {
    // 0, alpha and 2 alpha would meet every entry, if 0.2 were alpha to the last bit.
    expect(fitSignAlpha([0, 0.2, 0.2, 0.4]).alpha).toBeCloseTo(0.8 / 6, 12);
    expect(fitSignAlpha([0, 0.2, 0.2, 0.4]).loss).toBeCloseTo(8 / 300, 12);
    expect(fitSignAlpha([1, 1, 1]).loss).toBeCloseTo(0, 12);
    expect(() => fitSignAlpha([0, 0])).toThrow(RangeError);
  });
});

describe('the fit of a group superposition', () => {
  const forward = (map: readonly number[], n: number, [a1 = 0, a2 = 0, a3 = 0]: readonly number[]) => {
    const values = map.map((p, i) => {
      const row = map.slice(Math.floor(i / n) * n, Math.floor(i / n) * n + n);
      const largest = Math.max(...row);
      const first = a1 > 0 && p / a1 > 0.5 ? a1 : 0;
      return first + (p > 0.7 * largest ? a2 : 0) + (p > 0.9 * largest ? a3 : 0);
    });
    return values.reduce((sum, value, i) => sum + (value - Number(map[i])) ** 2, 0);
  };

  it('has the loss it reports, no negative scale, and none of a grid has less', () => {
    const steps = Array.from({ length: 11 }, (_, i) => i / 10);
    fc.assert(
      fc.property(rowsOf(9), (map) => {
        const { a1, a2, a3, loss: reported } = fitSuperposition(map, 3);
        expect(Math.min(a1, a2, a3)).toBeGreaterThanOrEqual(0);
        expect(reported).toBeCloseTo(forward(map, 3, [a1, a2, a3]), 9);
        const firsts = [...steps.map((x) => 2 * x), ...map, ...map.map((p) => 2 * p * (1 - 1e-12))];
        const lowest = firsts.map((x) =>
          Math.min(...steps.flatMap((y) => steps.map((z) => forward(map, 3, [x, y, z])))),
        );
        expect(reported).toBeLessThanOrEqual(Math.min(...lowest) + 1e-9);
      }),
      { numRuns: 25 },
    );
  });

  it('cannot be bettered by small steps in any direction', () => {
    fc.assert(
      fc.property(rowsOf(16), (map) => {
        const { a1, a2, a3, loss: reported } = fitSuperposition(map, 4);
        for (const step of [1e-2, 1e-4]) {
          for (const [x, y, z] of [-1, 0, 1].flatMap((u) =>
            [-1, 0, 1].flatMap((v) => [-1, 0, 1].map((w) => [u, v, w])),
          )) {
            const moved = [a1 + step * Number(x), a2 + step * Number(y), a3 + step * Number(z)];
            if (moved.some((a) => a < 0)) continue;
            expect(reported).toBeLessThanOrEqual(forward(map, 4, moved) + 1e-9);
          }
        }
      }),
    );
  });

  it('meets three steps exactly, and drops what depends on the rest', () => {
    // Low 0.2, high 0.4 (between 0.7 and 0.9 of the largest), highest 0.5.
    const exact = fitSuperposition([0.2, 0.4, 0.5, 0.2, 0.4, 0.5, 0.2, 0.4, 0.5], 3);
    expect(exact.loss).toBeCloseTo(0, 12);
    expect([exact.a1, exact.a1 + exact.a2, exact.a1 + exact.a2 + exact.a3].map((x) => x.toFixed(9))).toEqual([
      '0.200000000',
      '0.400000000',
      '0.500000000',
    ]);
    // All alike: every map is the same column, so one scale is enough.
    const flat = fitSuperposition([0.25, 0.25, 0.25, 0.25], 2);
    expect(flat.loss).toBeCloseTo(0, 12);
    expect([flat.a1, flat.a2, flat.a3].every(Number.isFinite)).toBe(true);
    expect(() => fitSuperposition([0, 0, 0, 0], 2)).toThrow(RangeError);
  });
});
