import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from '@/tests/golden/images.json';
import { centredSquare } from '@/lib/images/square';
import * as grey from '@/lib/images/grey28';
import { ImageError } from '@/lib/images/image-error';
import { greyBytesToRaster, lumaBytes } from '@/lib/images/raster';
import { resizeBytes } from '@/lib/images/resize';
import { makePicture } from '@/tests/lib/images/support/pictures';

const sha256 = (bytes: Uint8Array | Uint8ClampedArray): string => createHash('sha256').update(bytes).digest('hex');
const area = grey.GREY_SIZE ** 2;
const greyPicture = fc.uint8Array({ minLength: area, maxLength: area });

/** A bright disc on black, as Fashion-MNIST draws its objects. */
const disc = Uint8Array.from({ length: area }, (_, i) =>
  Math.hypot((i % 28) - 13.5, Math.floor(i / 28) - 13.5) < 9 ? 220 : 5,
);

describe(`grey and its resizing, against Pillow ${golden.pillow}`, () => {
  it.each(golden.grey)('of $width x $height, box $box, gives the same bytes', (entry) => {
    const picture = makePicture(entry.seed, entry.width, entry.height, true);
    const luma = lumaBytes(picture);
    expect(sha256(luma)).toBe(entry.luma);
    const [left = 0, top = 0, right = entry.width, bottom = entry.height] = entry.box ?? [];
    const size = { width: entry.width, height: entry.height, channels: 1 };
    const small = resizeBytes(luma, size, entry.outSize, entry.outSize, 'bicubic', { left, top, right, bottom });
    expect(sha256(small)).toBe(entry.sha256);
    expect(Buffer.from(small).toString('base64')).toBe(entry.bytes);
  });

  it('takes a square photo through the same steps', () => {
    const entry = golden.grey.find(({ width, height }) => width === height);
    expect(entry).toBeDefined();
    if (entry === undefined) return;
    const picture = makePicture(entry.seed, entry.width, entry.height, true);
    expect(sha256(grey.toGrey28(picture, { invert: false }).bytes)).toBe(entry.sha256);
  });
});

describe('a grey 28 x 28 picture', () => {
  it('comes through unchanged', () => {
    fc.assert(
      fc.property(greyPicture, (bytes) => {
        const result = grey.toGrey28(greyBytesToRaster(bytes, 28, 28), { invert: false });
        expect(result.bytes).toEqual(bytes);
        expect(result.crop).toEqual({ x: 0, y: 0, size: 28 });
        expect(result.values).toEqual(grey.bytesToUnit(bytes));
      }),
      { numRuns: 30 },
    );
  });

  it('is turned when asked, and twice is not at all', () => {
    fc.assert(
      fc.property(greyPicture, (bytes) => {
        const once = grey.toGrey28(greyBytesToRaster(bytes, 28, 28), { invert: true });
        expect(once.bytes).toEqual(bytes.map((value) => 255 - value));
        expect(grey.toGrey28(grey.grey28ToRaster(once.bytes), { invert: true }).bytes).toEqual(bytes);
      }),
      { numRuns: 20 },
    );
  });
});

describe('automatic inversion', () => {
  it('leaves a bright object on black and turns a dark one on white', () => {
    const negative = disc.map((value) => 255 - value);
    const kept = grey.toGrey28(grey.grey28ToRaster(disc));
    const turned = grey.toGrey28(grey.grey28ToRaster(negative));
    expect(kept.inverted).toBe(false);
    expect(turned.inverted).toBe(true);
    expect(turned.bytes).toEqual(kept.bytes);
  });

  it('is not misled by an object that touches the border', () => {
    const touching = disc.map((value, i) => (i % 28 > 8 && i % 28 < 19 ? 250 : value));
    expect(grey.isBorderBrighter(touching, 28)).toBe(false);
    expect(
      grey.isBorderBrighter(
        touching.map((value) => 255 - value),
        28,
      ),
    ).toBe(true);
  });

  it('does nothing where there is nothing to tell', () => {
    expect(grey.isBorderBrighter(new Uint8Array(area).fill(90), 28)).toBe(false);
    expect(grey.isBorderBrighter([], 0)).toBe(false);
    expect(grey.isBorderBrighter([1, 2, 3, 4], 2)).toBe(false);
  });
});

describe('contrast and brightness', () => {
  const raster = grey.grey28ToRaster(disc);
  const mean = disc.reduce((sum, value) => sum + value, 0) / area;

  it('of contrast 0 leave the mean alone', () => {
    const { bytes } = grey.toGrey28(raster, { invert: false, contrast: 0 });
    expect(new Set(bytes)).toEqual(new Set([Math.round(mean)]));
  });

  it('stretch about the mean and clip', () => {
    const { bytes, values } = grey.toGrey28(raster, { invert: false, contrast: 1.5 });
    expect(bytes[14 * 28 + 14]).toBe(Math.min(255, Math.round(mean + 1.5 * (220 - mean))));
    expect(bytes[0]).toBe(Math.max(0, Math.round(mean + 1.5 * (5 - mean))));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
  });

  it('add the brightness', () => {
    expect(grey.toGrey28(raster, { invert: false, brightness: 0.2 }).bytes[0]).toBe(56);
    expect(new Set(grey.toGrey28(raster, { brightness: -1 }).bytes)).toEqual(new Set([0]));
  });

  it('are refused outside their range', () => {
    for (const contrast of [-0.1, 2.1, NaN]) expect(() => grey.toGrey28(raster, { contrast })).toThrow(RangeError);
    for (const brightness of [-1.1, 1.1, NaN]) expect(() => grey.toGrey28(raster, { brightness })).toThrow(RangeError);
  });
});

describe('the crop', () => {
  it('is the largest centred square unless told', () => {
    expect(centredSquare(100, 60)).toEqual({ x: 20, y: 0, size: 60 });
    expect(grey.toGrey28(makePicture(1, 60, 101, true)).crop).toEqual({ x: 0, y: 20, size: 60 });
  });

  it('takes the object where it is', () => {
    const canvas = greyBytesToRaster(new Uint8Array(80 * 60), 80, 60);
    for (let y = 0; y < 28; y += 1) {
      for (let x = 0; x < 28; x += 1)
        canvas.data.fill(disc[y * 28 + x] ?? 0, 4 * ((y + 11) * 80 + x + 37), 4 * ((y + 11) * 80 + x + 37) + 3);
    }
    const { bytes } = grey.toGrey28(canvas, { crop: { x: 37, y: 11, size: 28 }, invert: false });
    expect(bytes).toEqual(disc);
  });

  it('always ends inside the picture, whatever is asked', () => {
    const number = fc.oneof(fc.double({ min: -200, max: 200 }), fc.constantFrom(NaN, Infinity, -Infinity));
    const side = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(side, side, number, number, number, (width, height, x, y, size) => {
        const { crop, bytes, values } = grey.toGrey28(makePicture(3, width, height, true), { crop: { x, y, size } });
        expect(crop.size).toBeGreaterThanOrEqual(1);
        expect(crop.x).toBeGreaterThanOrEqual(0);
        expect(crop.y).toBeGreaterThanOrEqual(0);
        expect(crop.x + crop.size).toBeLessThanOrEqual(width + 1e-9);
        expect(crop.y + crop.size).toBeLessThanOrEqual(height + 1e-9);
        expect(bytes.length).toBe(area);
        expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('needs a picture', () => {
    expect(() => grey.toGrey28({ width: 0, height: 0, data: new Uint8ClampedArray(0) })).toThrow(ImageError);
  });

  it('lays transparency over white before it looks for the background', () => {
    const clear = { width: 28, height: 28, data: new Uint8ClampedArray(4 * area) };
    for (let i = 0; i < area; i += 1) clear.data[4 * i + 3] = (disc[i] ?? 0) > 100 ? 255 : 0; // a black disc, cut out
    const { inverted, bytes } = grey.toGrey28(clear);
    expect(inverted).toBe(true);
    expect([bytes[0], bytes[14 * 28 + 14]]).toEqual([0, 255]);
  });
});

describe('the norm of the family', () => {
  it('is applied to values in 0..1', () => {
    const [black, white] = grey.normalizeGrey([0, 1]);
    expect(black).toBeCloseTo(-0.286 / 0.353, 6);
    expect(white).toBeCloseTo((1 - 0.286) / 0.353, 6);
  });
});
