import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { magnitudeHistograms } from '@/lib/metrics/magnitude-histograms';
import { windowHistogram } from '@/lib/metrics/window-histogram';

describe('windowHistogram', () => {
  it('holds every value and both ends of the window', () => {
    const bins = windowHistogram([-0.2, 0.1, 0.4], { lower: -0.5, upper: 0.5 }, 10);
    expect([bins?.edges[0], bins?.edges[10]]).toEqual([-0.5, 0.5]);
    expect(bins?.outside).toBe(0);
    expect(bins?.counts.reduce((a, b) => a + b)).toBe(3);
  });

  it('does not let a far window shrink the values to a line', () => {
    const bins = windowHistogram([0, 1], { lower: -100, upper: 100 }, 4);
    expect([bins?.edges[0], bins?.edges[4]]).toEqual([-0.5, 1.5]);
  });

  it('keeps values outside a narrow window in view', () => {
    const bins = windowHistogram([-3, 2], { lower: -1, upper: 1 }, 5);
    expect([bins?.edges[0], bins?.edges[5]]).toEqual([-3, 2]);
  });

  it('takes equal values, and has nothing to say where none is finite', () => {
    expect(windowHistogram([2, 2, 2], null, 3)?.counts.reduce((a, b) => a + b)).toBe(3);
    expect(windowHistogram([NaN, Infinity], null, 3)).toBeNull();
    expect(windowHistogram([], null, 3)).toBeNull();
  });
});

describe('magnitudeHistograms', () => {
  it('lays gradients of different sizes over the same decades', () => {
    const { edges, rows } = magnitudeHistograms([Float32Array.of(0.5, -0.02, 0), Float32Array.of(3e-5, 0, 0)], 1);
    expect(edges.map((edge) => Math.round(Math.log10(edge)))).toEqual([-5, -4, -3, -2, -1, 0]);
    expect(rows.map(({ counts }) => counts)).toEqual([
      [0, 0, 0, 1, 1],
      [1, 0, 0, 0, 0],
    ]);
    expect(rows.map(({ zeros }) => zeros)).toEqual([1, 2]);
  });

  it('loses no entry: bins, zeros and what lies beyond are all there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.float({ noNaN: false }), { maxLength: 30 }), { minLength: 1, maxLength: 3 }),
        (arrays) => {
          const { rows } = magnitudeHistograms(arrays, 2);
          rows.forEach(({ counts, zeros, outside, total }, index) => {
            expect(total).toBe(arrays[index]?.length);
            expect(counts.reduce((a, b) => a + b, 0) + zeros + outside).toBe(total);
          });
        },
      ),
    );
  });

  it('draws at most twelve decades, and counts what lies below them', () => {
    const { edges, rows } = magnitudeHistograms([[1e-30, 0.5]], 1);
    expect(edges).toHaveLength(13);
    expect(rows[0]?.outside).toBe(1);
  });

  it('has no bins where everything is 0', () => {
    expect(magnitudeHistograms([[0, 0], [0]], 4)).toEqual({
      edges: [],
      rows: [
        { counts: [], zeros: 2, outside: 0, total: 2 },
        { counts: [], zeros: 1, outside: 0, total: 1 },
      ],
    });
  });
});
