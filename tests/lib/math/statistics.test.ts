import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { averageRanks } from '@/lib/math/average-ranks';
import { histogram } from '@/lib/math/histogram';
import { mean } from '@/lib/math/mean';
import { quantile } from '@/lib/math/quantile';
import { variance } from '@/lib/math/variance';
import { goldens } from '../metrics/goldens';

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 50 });

describe.each(goldens.statistics)('statistics against NumPy: $name', (golden) => {
  const relative = (actual: number | null, expected: number) =>
    expect(Math.abs(Number(actual) - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected) + 1e-12);

  test('mean agrees', () => relative(mean(golden.row), golden.mean));

  test('variance agrees, of the population and unbiased', () => {
    relative(variance(golden.row), golden.variance);
    relative(variance(golden.row, 1), golden.sampleVariance);
  });

  test('quantile agrees at every level', () => {
    golden.levels.forEach((level, i) => relative(quantile(golden.row, level), Number(golden.quantiles[i])));
  });

  test('histogram agrees', () => {
    const { counts, edges, outside } = histogram(golden.row, 7) ?? { counts: [], edges: [], outside: -1 };
    expect(counts).toEqual(golden.histogramCounts);
    golden.histogramEdges.forEach((edge, i) => relative(Number(edges[i]), edge));
    expect(outside).toBe(0);
  });
});

describe('mean and variance', () => {
  test('are null where there is nothing to average', () => {
    expect(mean([])).toBeNull();
    expect(variance([])).toBeNull();
    expect(variance([3], 1)).toBeNull();
    expect(variance([3])).toBe(0);
  });
});

describe('quantile', () => {
  test('runs from the smallest to the largest value without stepping back', () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (row, a, b) => {
          expect(quantile(row, 0)).toBe(Math.min(...row));
          expect(quantile(row, 1)).toBe(Math.max(...row));
          const [low, high] = [quantile(row, Math.min(a, b)), quantile(row, Math.max(a, b))];
          expect(Number(low)).toBeLessThanOrEqual(Number(high) + 1e-9);
        },
      ),
    );
  });

  test('is null for an empty row and for NaN, and refuses levels outside [0, 1]', () => {
    expect(quantile([], 0.5)).toBeNull();
    expect(quantile([1, NaN], 0)).toBeNull();
    for (const level of [-0.1, 1.1, NaN]) expect(() => quantile([1], level)).toThrow(RangeError);
  });

  test('reaches infinite values without making them NaN', () => {
    expect(quantile([-Infinity, 0, Infinity], 0)).toBe(-Infinity);
    expect(quantile([Infinity, Infinity], 1)).toBe(Infinity);
  });
});

describe('histogram', () => {
  test('puts every value into one bin or outside', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (row, bins) => {
        const result = histogram(row, bins, [-1, 2]);
        const counted = (result?.counts ?? []).reduce((a, b) => a + b, 0);
        expect(counted + Number(result?.outside)).toBe(row.length);
      }),
    );
  });

  test('agrees with its own edges, lower border included', () => {
    const tenths = Array.from({ length: 11 }, (_, i) => i / 10);
    const { counts, edges } = histogram(tenths, 10, [0, 1]) ?? { counts: [], edges: [] };
    expect(edges).toEqual(tenths);
    expect(counts).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
  });

  test('gives a constant row a bin around its value, and null where nothing is finite', () => {
    expect(histogram([4, 4], 1)).toEqual({ counts: [2], edges: [3.5, 4.5], outside: 0 });
    expect(histogram([], 3)).toBeNull();
    expect(histogram([NaN, Infinity], 3)).toBeNull();
    expect(histogram([NaN, 1, 2, Infinity], 1)).toEqual({ counts: [2], edges: [1, 2], outside: 2 });
  });

  test('refuses bins and ranges that make no sense', () => {
    expect(() => histogram([1], 0)).toThrow(RangeError);
    expect(() => histogram([1], 2, [1, 1])).toThrow(RangeError);
    expect(() => histogram([1], 2, [0, Infinity])).toThrow(RangeError);
  });
});

describe('averageRanks', () => {
  test('always sums to n (n + 1) / 2, ties or not', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 }), (row) => {
        const ranks = averageRanks(row) ?? [];
        expect([...ranks].reduce((a, b) => a + b, 0)).toBe((row.length * (row.length + 1)) / 2);
      }),
    );
  });

  test('counts the smaller values and half of the equal ones', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 }), (row) => {
        const expected = row.map(
          (value) =>
            row.filter((other) => other < value).length + (row.filter((other) => other === value).length + 1) / 2,
        );
        expect([...(averageRanks(row) ?? [])]).toEqual(expected);
      }),
    );
  });

  test('orders infinities, ties -0 with 0, and has no rank for NaN', () => {
    expect([...(averageRanks([Infinity, -Infinity, 0, -0]) ?? [])]).toEqual([4, 1, 2.5, 2.5]);
    expect(averageRanks([1, NaN])).toBeNull();
  });
});
