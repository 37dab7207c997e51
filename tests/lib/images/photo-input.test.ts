import { describe, expect, it } from 'vitest';
import { photoInput } from '@/lib/images/photo-input';
import { normalizeChannels, resizeAndCrop } from '@/lib/images/preprocess';
import type { RasterImage } from '@/lib/images/raster';

function picture(width: number, height: number): RasterImage {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) data.set([i % 251, (3 * i) % 256, (7 * i) % 253, 255], 4 * i);
  return { width, height, data };
}

const SPEC = { size: 32, resize: 36, interpolation: 'bicubic', channels: 3 } as const;

describe('a photograph as a model sees it', () => {
  it('is resized and cut as at the evaluation, channel after channel, 0 to 1', () => {
    const original = picture(90, 61);
    const { pixels, bytes } = photoInput(original, SPEC, null);
    const view = resizeAndCrop(original, { resize: 36, crop: 32, interpolation: 'bicubic' });
    expect(pixels).toEqual(normalizeChannels(view, { mean: [0, 0, 0], std: [1, 1, 1] }));
    expect(Array.from(bytes, (byte) => Math.fround(byte / 255))).toEqual(Array.from(pixels));
  });

  it('says which square of the original it kept', () => {
    expect(photoInput(picture(72, 36), { ...SPEC, resize: 36 }, null).crop).toEqual({ x: 20, y: 2, size: 32 });
  });

  it('takes a square of one’s own, and one that leaves the picture as far as it goes', () => {
    const whole = photoInput(picture(64, 64), SPEC, { x: 0, y: 0, size: 64 });
    expect(whole.crop).toEqual({ x: 0, y: 0, size: 64 });
    expect(photoInput(picture(64, 64), SPEC, { x: 60, y: -5, size: 32 }).crop).toEqual({ x: 32, y: 0, size: 32 });
    expect(photoInput(picture(64, 64), SPEC, { x: 5.5, y: 0, size: 0.2 }).pixels).toHaveLength(3 * 32 ** 2);
  });

  it('is luma for a model of one channel', () => {
    const { bytes } = photoInput(picture(36, 36), { ...SPEC, channels: 1 }, null);
    expect(bytes).toHaveLength(32 ** 2);
  });
});
