import { describe, expect, it } from 'vitest';
import { patchOf, spokenToken, squareGeometry, tokenAt, tokenCount, tokenName } from '@/lib/viz/patch-geometry';

describe('patch geometry', () => {
  const small = squareGeometry(50, 1);
  const distilled = squareGeometry(198, 2);

  it('finds the square behind a number of tokens', () => {
    expect(small).toEqual({ rows: 7, columns: 7, classTokens: 1 });
    expect(distilled).toEqual({ rows: 14, columns: 14, classTokens: 2 });
    expect(() => squareGeometry(50, 2)).toThrow(RangeError);
  });

  it('goes from token to place and back for every patch', () => {
    for (const geometry of [small, distilled]) {
      for (let token = geometry.classTokens; token < tokenCount(geometry); token += 1) {
        const position = patchOf(token, geometry);
        expect(position).not.toBeNull();
        if (position !== null) expect(tokenAt(position, geometry)).toBe(token);
      }
    }
  });

  it('leaves class tokens outside the picture and refuses what is no token', () => {
    expect(patchOf(0, small)).toBeNull();
    expect(patchOf(1, distilled)).toBeNull();
    expect(patchOf(2, distilled)).toEqual({ row: 0, column: 0 });
    expect(() => patchOf(50, small)).toThrow(RangeError);
    expect(() => patchOf(-1, small)).toThrow(RangeError);
  });

  it('counts rows and columns from 1 in words', () => {
    expect(tokenName(25, small)).toBe('row 4, column 4');
    expect(spokenToken(18, small)).toBe('patch row 3, column 4');
    expect([tokenName(0, distilled), tokenName(1, distilled)]).toEqual(['CLS', 'DIST']);
    expect(spokenToken(0, small)).toBe('class token CLS');
  });
});
