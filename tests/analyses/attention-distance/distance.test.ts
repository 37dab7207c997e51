import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatDistance, headDistances, patchDistances } from '@/analyses/attention-distance/distance';
import type { AttentionLayout } from '@/lib/math/attention-layout';

/** 2 x 2 patches of 8 pixels behind one class token. */
const SMALL: AttentionLayout = { classTokens: 1, gridSide: 2, window: null };
const DIAGONAL = 8 * Math.SQRT2;

describe('the distances of patches', () => {
  it('are between their centres, and none where a class token is one of the two', () => {
    const distances = patchDistances(SMALL, 16);
    const rows = Array.from({ length: 5 }, (_, row) => [...distances.slice(5 * row, 5 * row + 5)]);
    expect(rows[0]).toEqual([NaN, NaN, NaN, NaN, NaN]);
    expect(rows[1]?.slice(0, 4)).toEqual([NaN, 0, 8, 8]);
    expect(rows[1]?.[4]).toBeCloseTo(DIAGONAL, 5);
  });

  it('stay inside a window, and leave out what the shift mask keeps apart', () => {
    const layout: AttentionLayout = { classTokens: 0, gridSide: 4, window: { size: 2, shift: 1 } };
    const distances = patchDistances(layout, 32);
    expect(distances).toHaveLength(16 * 4);
    const known = [...distances].filter((value) => !Number.isNaN(value));
    expect(Math.max(...known)).toBeCloseTo(DIAGONAL, 5);
    // The middle window is whole; of those on the edge only the parts that touch count.
    expect(known.length).toBeLessThan(16 * 4);
    expect(known.length).toBeGreaterThan(16);
  });
});

describe('a head', () => {
  const distances = patchDistances(SMALL, 16);
  const attention = (row: readonly number[]) => Float32Array.from(Array.from({ length: 5 }, () => row).flat());

  it('that looks at its own patch looks 0 pixels far', () => {
    const own = Float32Array.from({ length: 25 }, (_, at) => (Math.floor(at / 5) === at % 5 ? 1 : 0));
    expect(headDistances(own, distances, 5)).toEqual([{ value: 0, definedRows: 4, totalRows: 4 }]);
  });

  it('that prefers nothing gives the flat distance, whatever the class token gets', () => {
    const flat = flatDistance(distances, 5);
    expect(flat).toBeCloseTo((8 + 8 + DIAGONAL) / 4, 5);
    const [cell] = headDistances(attention([0.9, 0.025, 0.025, 0.025, 0.025]), distances, 5);
    expect(cell?.value).toBeCloseTo(flat, 5);
  });

  it('without weight on any patch has no distance, and says in how many rows', () => {
    expect(headDistances(attention([1, 0, 0, 0, 0]), distances, 5)).toEqual([
      { value: null, definedRows: 0, totalRows: 4 },
    ]);
  });

  it('lies between the nearest and the farthest patch, and does not change with the scale of the row', () => {
    const rows = fc.array(fc.float({ min: Math.fround(0.01), max: 1, noNaN: true }), { minLength: 25, maxLength: 25 });
    fc.assert(
      fc.property(rows, (values) => {
        const once = headDistances(Float32Array.from(values), distances, 5)[0]?.value ?? NaN;
        const twice =
          headDistances(
            Float32Array.from(values, (value) => 2 * value),
            distances,
            5,
          )[0]?.value ?? NaN;
        expect(once).toBeGreaterThan(0);
        expect(once).toBeLessThan(DIAGONAL);
        expect(twice).toBeCloseTo(once, 5);
      }),
    );
  });
});
