import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import golden from '@/tests/golden/images.json';
import {
  centreCropOrigin,
  IMAGENET_PREPROCESS,
  normalizeChannels,
  preprocess,
  resizedSize,
} from '@/lib/images/preprocess';
import { makePicture, rgbBytes } from '@/tests/lib/images/support/pictures';

describe(`preprocessing, against torchvision's Resize and CenterCrop written out with Pillow ${golden.pillow}`, () => {
  it.each(golden.imagenet)('of $width x $height, resize $resize, crop $crop, gives the same bytes', (entry) => {
    const { seed, width, height, resize, crop } = entry;
    const size = resizedSize(width, height, resize);
    expect(size).toEqual({ width: entry.resizedWidth, height: entry.resizedHeight });
    expect(centreCropOrigin(size.width, size.height, crop)).toEqual({ x: entry.left, y: entry.top });
    const { view } = preprocess(makePicture(seed, width, height, true), { ...IMAGENET_PREPROCESS, resize, crop });
    expect(createHash('sha256').update(rgbBytes(view)).digest('hex')).toBe(entry.sha256);
  });
});

describe('the centre crop', () => {
  it('rounds a half to the even pixel, as Python does', () => {
    expect(centreCropOrigin(33, 35, 32)).toEqual({ x: 0, y: 2 });
    expect(centreCropOrigin(37, 39, 32)).toEqual({ x: 2, y: 4 });
    expect(centreCropOrigin(32, 34, 32)).toEqual({ x: 0, y: 1 });
  });

  it('must fit into the short side', () => {
    expect(() => preprocess(makePicture(1, 40, 30, true), { ...IMAGENET_PREPROCESS, resize: 20, crop: 21 })).toThrow(
      RangeError,
    );
  });
});

describe('normalization', () => {
  const picture = { width: 2, height: 1, data: Uint8ClampedArray.of(0, 255, 128, 255, 51, 102, 204, 255) };

  it('puts channels first and takes away mean and deviation', () => {
    const pixels = normalizeChannels(picture, { mean: [0.5, 0, 1], std: [0.5, 1, 2] });
    const expected = [-1, -0.6, 1, 0.4, (128 / 255 - 1) / 2, -0.1];
    expect(pixels.length).toBe(6);
    expected.forEach((value, i) => expect(pixels[i]).toBeCloseTo(value, 6));
  });

  it('of ImageNet maps the mean colour near zero', () => {
    const grey = { width: 1, height: 1, data: Uint8ClampedArray.of(124, 116, 104, 255) };
    for (const value of normalizeChannels(grey, IMAGENET_PREPROCESS)) expect(Math.abs(value)).toBeLessThan(0.01);
  });

  it('sees a transparent pixel as white', () => {
    const clear = { width: 40, height: 40, data: new Uint8ClampedArray(4 * 1600) };
    const { view, pixels } = preprocess(clear);
    expect(new Set(view.data)).toEqual(new Set([255]));
    expect(pixels[0]).toBeCloseTo((1 - 0.485) / 0.229, 5);
    expect(pixels.length).toBe(3 * 224 * 224);
  });
});
