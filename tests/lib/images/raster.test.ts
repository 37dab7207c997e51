import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImageError, isImageError } from '@/lib/images/image-error';
import { checkRaster, cropRaster, flattenOverWhite, greyBytesToRaster, lumaBytes } from '@/lib/images/raster';
import { makePicture } from '@/tests/lib/images/support/pictures';

describe('laying over white', () => {
  it('returns an opaque picture itself', () => {
    const picture = makePicture(1, 5, 4, false);
    expect(flattenOverWhite(picture)).toEqual({ image: picture, hadTransparency: false });
    expect(flattenOverWhite(picture).image).toBe(picture);
  });

  it('mixes each channel by its alpha', () => {
    const picture = {
      width: 3,
      height: 1,
      data: Uint8ClampedArray.of(10, 20, 30, 0, 10, 20, 30, 255, 0, 100, 255, 128),
    };
    const { image, hadTransparency } = flattenOverWhite(picture);
    expect(hadTransparency).toBe(true);
    expect(image.data).toEqual(Uint8ClampedArray.of(255, 255, 255, 255, 10, 20, 30, 255, 127, 177, 255, 255));
  });

  it('never darkens', () => {
    fc.assert(
      fc.property(fc.uint8ClampedArray({ minLength: 4, maxLength: 4 }), (data) => {
        const flat = flattenOverWhite({ width: 1, height: 1, data }).image.data;
        for (let i = 0; i < 3; i += 1) expect(flat[i]).toBeGreaterThanOrEqual(data[i] ?? 0);
      }),
    );
  });
});

describe('luma', () => {
  it('keeps the value of every grey', () => {
    const greys = Uint8Array.from({ length: 256 }, (_, value) => value);
    expect(new Uint8Array(lumaBytes(greyBytesToRaster(greys, 16, 16)))).toEqual(greys);
  });

  it('weighs green most', () => {
    const picture = { width: 3, height: 1, data: Uint8ClampedArray.of(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255) };
    expect(lumaBytes(picture)).toEqual(Uint8ClampedArray.of(76, 150, 29));
  });
});

describe('rasters', () => {
  it('are drawn from grey bytes', () => {
    expect(greyBytesToRaster([0, 128], 2, 1).data).toEqual(Uint8ClampedArray.of(0, 0, 0, 255, 128, 128, 128, 255));
  });

  it('are cropped where the rectangle fits', () => {
    const picture = makePicture(9, 6, 5, false);
    const part = cropRaster(picture, 2, 1, 3, 2);
    expect(Array.from(part.data.subarray(0, 4))).toEqual(Array.from(picture.data.subarray(4 * 8, 4 * 9)));
    expect(Array.from(part.data.subarray(-4))).toEqual(Array.from(picture.data.subarray(4 * 16, 4 * 17)));
    expect(() => cropRaster(picture, 4, 1, 3, 2)).toThrow(RangeError);
    expect(() => cropRaster(picture, 0, 0, 0, 2)).toThrow(RangeError);
    expect(() => cropRaster(picture, 0.5, 0, 2, 2)).toThrow(RangeError);
  });

  it('are checked for their length', () => {
    expect(() => checkRaster({ width: 2, height: 2, data: new Uint8ClampedArray(15) })).toThrow(RangeError);
    expect(() => checkRaster({ width: 0, height: 2, data: new Uint8ClampedArray(0) })).toThrow(ImageError);
    expect(() => greyBytesToRaster([1, 2, 3], 2, 2)).toThrow(RangeError);
  });
});

describe('an ImageError', () => {
  it('is known again after its prototype was lost', () => {
    const copy = Object.assign(new Error('x'), { name: 'ImageError', sentence: 'x', kind: 'empty' });
    expect(isImageError(copy)).toBe(true);
    expect(isImageError(new ImageError('empty', 'x'))).toBe(true);
    expect(isImageError(new Error('x'))).toBe(false);
    expect(isImageError('x')).toBe(false);
  });
});
