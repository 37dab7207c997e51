import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutRows, tokenOfRow, type AttentionLayout } from '@/lib/math/attention-layout';
import { geometryOf, keyOfToken, keyTokens, rowOf, spreadRow, tokenBetween } from '@/lib/viz/attention-rows';

const whole: AttentionLayout = { classTokens: 1, gridSide: 14, window: null };
const windowed = (gridSide: number, size: number, shift: number): AttentionLayout => ({
  classTokens: 0,
  gridSide,
  window: { size, shift },
});

const anyWindowed = fc
  .record({ size: fc.integer({ min: 1, max: 5 }), across: fc.integer({ min: 1, max: 4 }), shifted: fc.boolean() })
  .map(({ size, across, shifted }) => windowed(size * across, size, shifted && across > 1 ? Math.floor(size / 2) : 0));

describe('a row of a layer over the picture', () => {
  it('is itself, without a copy, where every token sees all', () => {
    const row = new Float32Array(197);
    expect(spreadRow(whole, 5, row)).toBe(row);
    expect(keyOfToken(whole, 5, 196)).toBe(196);
    expect(keyOfToken(whole, 5, 197)).toBeNull();
  });

  it('lies in its window, each value at its own token, and says nothing of the others', () => {
    fc.assert(
      fc.property(anyWindowed, fc.nat(), (layout, pick) => {
        const row = pick % layoutRows(layout);
        const keys = keyTokens(layout, row);
        const spread = spreadRow(layout, row, Float32Array.from(keys.keys()));
        expect(spread.filter((value) => !Number.isNaN(value))).toHaveLength(keys.length);
        for (const [token, value] of spread.entries()) {
          const key = keyOfToken(layout, row, token);
          expect(key).toBe(Number.isNaN(value) ? null : value);
        }
        expect(keyOfToken(layout, row, tokenOfRow(layout, row))).not.toBeNull();
      }),
    );
  });

  it('is found by its token, and a token too large by the last', () => {
    expect(tokenOfRow(windowed(8, 4, 2), rowOf(windowed(8, 4, 2), 9))).toBe(9);
    expect(rowOf(whole, 1000)).toBe(196);
  });

  it('has the geometry of its layer', () => {
    expect(geometryOf(whole)).toEqual({ rows: 14, columns: 14, classTokens: 1 });
  });
});

describe('a token in another stage', () => {
  const [fine, coarse] = [windowed(8, 4, 0), windowed(4, 4, 0)];

  it('is the one that covers it, and on the way back the first of those that it covers', () => {
    expect(tokenBetween(fine, coarse, 8 * 3 + 5)).toBe(4 * 1 + 2);
    expect(tokenBetween(coarse, fine, 4 * 1 + 2)).toBe(8 * 2 + 4);
    expect(tokenBetween(fine, fine, 13)).toBe(13);
  });

  it('stays where it is there and back again from the coarse grid', () => {
    for (let token = 0; token < 16; token++)
      expect(tokenBetween(fine, coarse, tokenBetween(coarse, fine, token))).toBe(token);
  });
});
