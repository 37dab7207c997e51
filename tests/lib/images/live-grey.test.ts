import { describe, expect, it } from 'vitest';
import { toGrey28 } from '@/lib/images/grey28';
import { liveGrey } from '@/lib/images/live-grey';

const SIDE = 56;
/** Grey inside and around a square in the middle. */
const rgba = (inside: number, around: number) =>
  Uint8ClampedArray.from({ length: 4 * SIDE ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / 4 / SIDE), Math.floor(i / 4) % SIDE];
    const isInside = row >= 16 && row < 40 && column >= 16 && column < 40;
    return i % 4 === 3 ? 255 : isInside ? inside : around;
  });
const pixels = () => new Float32Array(784);

describe('a frame of a camera', () => {
  it('is as the picture of a file would be, but for the way of making it small', () => {
    const into = pixels();
    const data = rgba(230, 20);
    expect(liveGrey().convert(data, SIDE, into)).toBe(false);
    const { values, inverted } = toGrey28({ width: SIDE, height: SIDE, data });
    expect(inverted).toBe(false);
    expect(into[14 * 28 + 14]).toBeCloseTo(values[14 * 28 + 14] ?? NaN, 2);
    expect(into[0]).toBeCloseTo(20 / 255, 5);
  });

  it('weighs the colours as the eye does', () => {
    const into = pixels();
    liveGrey().convert(
      Uint8ClampedArray.from({ length: 4 * 784 }, (_, i) => [255, 0, 0, 255][i % 4] ?? 0),
      28,
      into,
    );
    expect(into[100]).toBeCloseTo(0.299, 5);
  });

  it('is turned to bright on dark at once, and back only after many frames that ask for it', () => {
    const grey = liveGrey();
    expect(grey.convert(rgba(20, 230), SIDE, pixels())).toBe(true);
    const asked = Array.from({ length: 14 }, () => grey.convert(rgba(230, 20), SIDE, pixels()));
    expect(asked.indexOf(false)).toBe(11);
    // One frame of another mind changes nothing.
    expect(grey.convert(rgba(20, 230), SIDE, pixels())).toBe(false);
    expect(grey.convert(rgba(230, 20), SIDE, pixels())).toBe(false);
  });

  it('refuses a square that does not divide into 28', () => {
    expect(() => liveGrey().convert(new Uint8ClampedArray(4 * 900), 30, pixels())).toThrow(RangeError);
    expect(() => liveGrey().convert(new Uint8ClampedArray(12), 28, pixels())).toThrow(RangeError);
  });
});
