import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnOfQuery,
  keyTokens,
  layoutKeys,
  layoutRows,
  rowOfToken,
  tokenOfRow,
  tokensOfRows,
  type AttentionLayout,
} from '@/lib/math/attention-layout';

const whole: fc.Arbitrary<AttentionLayout> = fc
  .record({ classTokens: fc.integer({ min: 0, max: 2 }), gridSide: fc.integer({ min: 1, max: 8 }) })
  .map((sizes) => ({ ...sizes, window: null }));

const windowed: fc.Arbitrary<AttentionLayout> = fc
  .record({ size: fc.integer({ min: 1, max: 5 }), across: fc.integer({ min: 1, max: 4 }), shift: fc.nat(4) })
  .map(({ size, across, shift }) => ({
    classTokens: 0,
    gridSide: size * across,
    window: { size, shift: shift % size },
  }));

const layouts = fc.oneof(whole, windowed);

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

describe('the layout of an attention', () => {
  it('names a row for each token and a token for each row, one the inverse of the other', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const rows = indices(layoutRows(layout));
        expect(rows.map((token) => tokenOfRow(layout, rowOfToken(layout, token)))).toEqual(rows);
        expect(rows.map((row) => rowOfToken(layout, tokenOfRow(layout, row)))).toEqual(rows);
        expect([...tokensOfRows(layout)]).toEqual(rows.map((row) => tokenOfRow(layout, row)));
      }),
    );
  });

  it('gives every row its own token among its keys, in the column that it says', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        for (const row of indices(layoutRows(layout))) {
          const keys = keyTokens(layout, row);
          expect(keys).toHaveLength(layoutKeys(layout));
          expect(keys[columnOfQuery(layout, row)]).toBe(tokenOfRow(layout, row));
        }
      }),
    );
  });

  it('parts the tokens into windows that see themselves and nothing else', () => {
    fc.assert(
      fc.property(windowed, (layout) => {
        const keys = layoutKeys(layout);
        const rows = indices(layoutRows(layout));
        const firsts = rows.filter((row) => row % keys === 0);
        expect(firsts.flatMap((row) => [...keyTokens(layout, row)]).sort((a, b) => a - b)).toEqual(rows);
        for (const row of rows) expect(keyTokens(layout, row)).toEqual(keyTokens(layout, row - (row % keys)));
      }),
    );
  });

  it('has neighbours in a window, moved by the shift and around the edge', () => {
    const layout: AttentionLayout = { classTokens: 0, gridSide: 4, window: { size: 2, shift: 1 } };
    expect([...keyTokens(layout, 0)]).toEqual([5, 6, 9, 10]);
    expect([...keyTokens(layout, layoutRows(layout) - 1)]).toEqual([15, 12, 3, 0]);
    expect(rowOfToken(layout, 0)).toBe(15);
  });

  it('leaves class tokens in front where every token sees all', () => {
    const layout: AttentionLayout = { classTokens: 2, gridSide: 3, window: null };
    expect([...keyTokens(layout, 7)]).toEqual(indices(11));
    expect(columnOfQuery(layout, 7)).toBe(7);
  });

  it.each([-1, 16, 0.5, NaN])('has no token and no row %d', (place) => {
    const layout: AttentionLayout = { classTokens: 0, gridSide: 4, window: { size: 2, shift: 0 } };
    for (const ask of [rowOfToken, tokenOfRow, keyTokens, columnOfQuery])
      expect(() => ask(layout, place)).toThrow(RangeError);
  });
});
