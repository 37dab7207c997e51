import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitSquare, moveSquare, stretchSquare } from '@/lib/viz/crop-square';

const photo = { width: 400, height: 300 };

describe('the crop square', () => {
  it('stays as it is where it fits', () => {
    expect(fitSquare({ x: 10, y: 20, size: 100 }, photo)).toEqual({ x: 10, y: 20, size: 100 });
  });

  it('stops at the edges when it is moved', () => {
    const square = { x: 250, y: 150, size: 100 };
    expect(moveSquare(square, 999, -999, photo)).toEqual({ x: 300, y: 0, size: 100 });
  });

  it('keeps its upper left corner when it is stretched', () => {
    const square = { x: 250, y: 150, size: 100 };
    expect(stretchSquare(square, 999, photo)).toEqual({ x: 250, y: 150, size: 150 });
    expect(stretchSquare(square, -60, photo)).toEqual({ x: 250, y: 150, size: 40 });
  });

  it('takes a field left empty for 0', () => {
    expect(fitSquare({ x: NaN, y: 5, size: 50 }, photo)).toEqual({ x: 0, y: 5, size: 50 });
  });

  it('always is whole pixels inside the photo, however small that is', () => {
    const any = fc.double({ min: -1e4, max: 1e4 });
    const side = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(any, any, any, side, side, (x, y, size, width, height) => {
        const fitted = fitSquare({ x, y, size }, { width, height });
        expect(Object.values(fitted).every(Number.isInteger)).toBe(true);
        expect(fitted.x >= 0 && fitted.y >= 0 && fitted.size >= 1).toBe(true);
        expect(fitted.x + fitted.size <= width && fitted.y + fitted.size <= height).toBe(true);
      }),
    );
  });
});
