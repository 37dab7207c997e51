import { describe, expect, it } from 'vitest';
import type { ColorScale } from '@/lib/viz/color-scale';
import { layOver, paintPicture, paintMatrix, resizeNearest } from '@/lib/viz/paint';
import { lutOf } from '@/lib/viz/ramps';

const scale: ColorScale = { kind: 'sequential', ramp: 'attention', min: 0, max: 1 };
const pixel = (data: Uint8ClampedArray, index: number) => [...data.slice(4 * index, 4 * index + 4)];

describe('paintMatrix', () => {
  it('takes each colour from the table of 256', () => {
    const { data } = paintMatrix([0, 0.5, 1], 3, 1, scale);
    const lut = lutOf(scale);
    expect(pixel(data, 0)).toEqual(pixel(lut, 0));
    expect(pixel(data, 1)).toEqual(pixel(lut, 128));
    expect(pixel(data, 2)).toEqual(pixel(lut, 255));
  });

  it('leaves what is no number transparent instead of painting it as 0', () => {
    expect(pixel(paintMatrix([NaN], 1, 1, scale).data, 0)).toEqual([0, 0, 0, 0]);
  });

  it('refuses a matrix of another size', () => {
    expect(() => paintMatrix([1, 2, 3], 2, 2, scale)).toThrow(RangeError);
  });
});

describe('paintPicture', () => {
  it('turns 0..1 into opaque grey, clamped', () => {
    const { data } = paintPicture({ width: 3, height: 1, data: [0, 0.5, 1.2] });
    expect([pixel(data, 0), pixel(data, 1), pixel(data, 2)]).toEqual([
      [0, 0, 0, 255],
      [128, 128, 128, 255],
      [255, 255, 255, 255],
    ]);
  });
});

describe('resizeNearest', () => {
  it('makes blocks and invents no colour', () => {
    const source = paintPicture({ width: 2, height: 1, data: [0, 1] });
    const large = resizeNearest(source, 4, 2);
    expect(Array.from({ length: 8 }, (_, i) => large.data[4 * i])).toEqual([0, 0, 255, 255, 0, 0, 255, 255]);
  });

  it('keeps pixels of the source where the sizes do not divide', () => {
    const source = paintPicture({ width: 3, height: 1, data: [0, 0.2, 1] });
    const reds = Array.from({ length: 7 }, (_, i) => resizeNearest(source, 7, 1).data[4 * i]);
    expect(new Set(reds)).toEqual(new Set([0, 51, 255]));
  });
});

describe('layOver', () => {
  const image = paintPicture({ width: 2, height: 1, data: [0, 1] });

  it('mixes map and picture by the opacity', () => {
    const map = paintPicture({ width: 1, height: 1, data: [1] });
    expect(pixel(layOver(image, map, 0.5).data, 0)).toEqual([128, 128, 128, 255]);
    expect(layOver(image, map, 0).data).toEqual(image.data);
    expect(pixel(layOver(image, map, 1).data, 0)).toEqual([255, 255, 255, 255]);
  });

  it('lets the picture through where the map is undefined', () => {
    const hole = paintMatrix([NaN], 1, 1, scale);
    expect(layOver(image, hole, 1).data).toEqual(image.data);
  });
});
