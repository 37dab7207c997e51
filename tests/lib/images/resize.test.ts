import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from '@/tests/golden/images.json';
import { resizeBytes, resizeRaster, type ResizeFilter } from '@/lib/images/resize';
import { makePicture, rgbBytes } from '@/tests/lib/images/support/pictures';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const filters: readonly ResizeFilter[] = ['box', 'bilinear', 'bicubic'];

function asFilter(name: string): ResizeFilter {
  const found = filters.find((filter) => filter === name);
  if (found === undefined) throw new Error(`unknown filter ${name}`);
  return found;
}

describe(`resizing, against Pillow ${golden.pillow}`, () => {
  it.each(golden.resize)(
    'gives the same bytes: $width x $height to $outWidth x $outHeight, $filter, box $box',
    ({ seed, width, height, smooth, outWidth, outHeight, filter, box, source, sha256: expected, ...rest }) => {
      const picture = makePicture(seed, width, height, smooth);
      expect(sha256(rgbBytes(picture))).toBe(source);
      const [left = 0, top = 0, right = width, bottom = height] = box ?? [];
      const resized = resizeRaster(picture, outWidth, outHeight, asFilter(filter), { left, top, right, bottom });
      if ('bytes' in rest) expect(rgbBytes(resized)).toEqual(new Uint8Array(Buffer.from(rest.bytes ?? '', 'base64')));
      expect(sha256(rgbBytes(resized))).toBe(expected);
    },
  );
});

describe('resizing', () => {
  const side = fc.integer({ min: 1, max: 24 });

  it('keeps a picture of one colour, alpha included', () => {
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        fc.nat(255),
        fc.constantFrom(...filters),
        (width, height, outWidth, outHeight, value, filter) => {
          const data = new Uint8ClampedArray(4 * width * height).fill(value);
          const resized = resizeRaster({ width, height, data }, outWidth, outHeight, filter);
          expect(new Set(resized.data)).toEqual(new Set([value]));
          expect(resized.data.length).toBe(4 * outWidth * outHeight);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('treats left and right alike', () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.constantFrom<ResizeFilter>('bilinear', 'bicubic'),
        fc.integer(),
        (width, outWidth, filter, seed) => {
          const row = Uint8ClampedArray.from({ length: width }, (_, i) => (Math.imul(seed, i + 1) >>> 16) & 255);
          const size = { width, height: 1, channels: 1 };
          const there = resizeBytes(row, size, outWidth, 1, filter);
          const back = resizeBytes(row.slice().reverse(), size, outWidth, 1, filter).reverse();
          // Centres are computed from the left in floating point, so a tap may round the other way.
          there.forEach((value, i) => expect(Math.abs(value - (back[i] ?? -9))).toBeLessThanOrEqual(1));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('averages whole blocks with the box filter', () => {
    const data = Uint8ClampedArray.of(0, 10, 100, 200, 20, 30, 50, 250);
    expect(resizeBytes(data, { width: 4, height: 2, channels: 1 }, 2, 1, 'box')).toEqual(Uint8ClampedArray.of(15, 150));
  });

  it('returns a copy when the size stays', () => {
    const picture = makePicture(1, 4, 3, false);
    const same = resizeRaster(picture, 4, 3, 'bicubic');
    expect(same).toEqual(picture);
    expect(same.data).not.toBe(picture.data);
  });

  it('refuses impossible sizes, boxes and buffers', () => {
    const picture = makePicture(1, 4, 3, false);
    expect(() => resizeRaster(picture, 0, 3, 'box')).toThrow(RangeError);
    expect(() => resizeRaster(picture, 2.5, 3, 'box')).toThrow(RangeError);
    expect(() => resizeRaster(picture, 2, 2, 'box', { left: 0, top: 0, right: 5, bottom: 3 })).toThrow(RangeError);
    expect(() => resizeRaster(picture, 2, 2, 'box', { left: 2, top: 0, right: 2, bottom: 3 })).toThrow(RangeError);
    expect(() => resizeRaster(picture, 2, 2, 'box', { left: NaN, top: 0, right: 2, bottom: 3 })).toThrow(RangeError);
    expect(() => resizeRaster({ ...picture, width: 5 }, 2, 2, 'box')).toThrow(RangeError);
  });
});
