import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logHistogram } from '@/lib/math/log-histogram';
import { logSpace } from '@/lib/math/log-space';
import { roundHalfEven } from '@/lib/math/round-half-even';

describe('logHistogram', () => {
  const entry = fc.oneof(
    fc.constantFrom(0, -0, 1, -10, 1e-3),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(NaN, Infinity, -Infinity),
  );

  test('puts every entry into one bin, among the zeros or outside', () => {
    fc.assert(
      fc.property(fc.array(entry), fc.integer({ min: 1, max: 5 }), (row, perDecade) => {
        const { counts, edges, zeros, outside, total } = logHistogram(row, perDecade);
        expect(zeros).toBe(row.filter((x) => x === 0).length);
        expect(outside).toBe(row.filter((x) => !Number.isFinite(x)).length);
        expect(counts.reduce((a, b) => a + b, 0) + zeros + outside).toBe(total);
        expect(total).toBe(row.length);
        const logarithms = row.filter((x) => x !== 0 && Number.isFinite(x)).map((x) => Math.log10(Math.abs(x)));
        counts.forEach((count, bin) => {
          const [low, high] = [edges[bin] ?? NaN, edges[bin + 1] ?? NaN];
          const isLast = bin === counts.length - 1;
          expect(count).toBe(logarithms.filter((x) => x >= low && (x < high || (isLast && x === high))).length);
        });
      }),
      { numRuns: 200 },
    );
  });

  test('takes whole decades, at least one', () => {
    expect(logHistogram([0.02, -0.5, 0, 7, 0], 1)).toEqual({
      counts: [1, 1, 1],
      edges: [-2, -1, 0, 1],
      zeros: 2,
      outside: 0,
      total: 5,
    });
    expect(logHistogram([1, 1], 2).edges).toEqual([0, 0.5, 1]);
  });

  test('counts what lies beyond a given range outside', () => {
    expect(logHistogram([1e-9, 0.5, 1e3], 1, [-2, 0])).toMatchObject({ counts: [0, 1], outside: 2 });
  });

  test('has no bins where every entry is 0', () => {
    expect(logHistogram([0, 0, NaN], 4)).toEqual({ counts: [], edges: [], zeros: 2, outside: 1, total: 3 });
    expect(logHistogram([0], 2, [-1, 0])).toMatchObject({ counts: [0, 0], zeros: 1 });
  });

  test('refuses part of a bin, and part of a decade', () => {
    expect(() => logHistogram([1], 0)).toThrow(RangeError);
    expect(() => logHistogram([1], 1, [-0.5, 1])).toThrow(RangeError);
    expect(() => logHistogram([1], 1, [1, 1])).toThrow(RangeError);
  });
});

describe('logSpace', () => {
  test('steps by one factor from end to end, with 1 in the middle of 0.01 to 100', () => {
    const values = logSpace(0.01, 100, 121);
    expect([values[0], values[60], values[120]]).toEqual([0.01, expect.closeTo(1, 12), 100]);
    values.subarray(1).forEach((value, i) => expect(value / (values[i] ?? NaN)).toBeCloseTo(10 ** (4 / 120), 10));
  });

  test('refuses ends that have no logarithm or no distance, and a single number', () => {
    for (const [low, high] of [
      [0, 1],
      [-1, 1],
      [2, 2],
      [1, Infinity],
      [NaN, 1],
    ] as const) {
      expect(() => logSpace(low, high, 5)).toThrow(RangeError);
    }
    expect(() => logSpace(1, 2, 1)).toThrow(RangeError);
  });
});

describe('roundHalfEven', () => {
  test('goes to the nearest integer, halves to the even one, and never to -0', () => {
    const pairs = [
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
      [-0.5, 0],
      [-1.5, -2],
      [-2.5, -2],
      [0.49, 0],
      [-0.2, 0],
      [-0.7, -1],
      [3, 3],
    ];
    for (const [x = NaN, rounded] of pairs) expect(roundHalfEven(x), String(x)).toBe(rounded);
    for (const x of [NaN, Infinity, -Infinity]) expect(roundHalfEven(x)).toBe(x);
  });
});
