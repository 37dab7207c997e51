import type { ColorScale } from '@/lib/viz/color-scale';
import type { PicturePixels, RgbaPixels } from '@/lib/viz/pixels';
import { lutOf } from '@/lib/viz/ramps';
import { lutIndex } from '@/lib/viz/scale-color';

/**
 * A matrix as pixels, one a value; what is not a finite number stays transparent. Shapes: [height * width] -> [height, width, 4].
 * Throws RangeError on another length.
 */
export function paintMatrix(values: ArrayLike<number>, width: number, height: number, scale: ColorScale): RgbaPixels {
  if (values.length !== width * height) {
    throw new RangeError(`${width} x ${height} values expected, got ${values.length}`);
  }
  const colors = asPixels(lutOf(scale));
  const data = new Uint8ClampedArray(4 * values.length); // [height, width, 4]
  const pixels = asPixels(data);
  for (let i = 0; i < values.length; i += 1) {
    const index = lutIndex(scale, values[i]);
    if (index !== null) pixels[i] = colors[index] ?? 0;
  }
  return { width, height, data };
}

/** A picture of one channel or three as opaque pixels: round(255 v), clamped. [channels, height, width] -> [height, width, 4] */
export function paintPicture({ width, height, data: planes }: PicturePixels): RgbaPixels {
  const area = width * height;
  const step = planes.length >= 3 * area ? area : 0; // one channel is all three
  const data = new Uint8ClampedArray(4 * area); // [height, width, 4]
  for (let i = 0; i < area; i += 1) {
    data[4 * i] = 255 * (planes[i] ?? 0);
    data[4 * i + 1] = 255 * (planes[i + step] ?? 0);
    data[4 * i + 2] = 255 * (planes[i + 2 * step] ?? 0);
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}

/** Another size by taking the nearest pixel: [h, w, 4] -> [height, width, 4]. Blocks stay blocks, no colour is invented. */
export function resizeNearest(source: RgbaPixels, width: number, height: number): RgbaPixels {
  const data = new Uint8ClampedArray(4 * width * height); // [height, width, 4]
  const pixels = asPixels(data);
  const sources = asPixels(source.data);
  for (let y = 0; y < height; y += 1) {
    const fromY = Math.min(source.height - 1, Math.floor(((y + 0.5) * source.height) / height));
    for (let x = 0; x < width; x += 1) {
      const fromX = Math.min(source.width - 1, Math.floor(((x + 0.5) * source.width) / width));
      pixels[y * width + x] = sources[fromY * source.width + fromX] ?? 0;
    }
  }
  return { width, height, data };
}

/** Four channels as one number, which is several times as quick to copy: [..., 4] -> [...], on the same memory where it lies on a whole one. */
function asPixels(data: Uint8ClampedArray): Uint32Array {
  const whole = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Uint32Array(whole.buffer, whole.byteOffset, whole.length / 4);
}

/**
 * A map laid over an opaque picture: c = o a top + (1 - o a) bottom with a the map's own alpha and o the opacity.
 * The map is brought to the picture's size first. Result: as large as the picture.
 */
export function layOver(bottom: RgbaPixels, top: RgbaPixels, opacity: number): RgbaPixels {
  const { width, height } = bottom;
  const map = resizeNearest(top, width, height).data;
  const data = new Uint8ClampedArray(bottom.data); // [height, width, 4]
  for (let i = 0; i < data.length; i += 4) {
    const share = (opacity * (map[i + 3] ?? 0)) / 255;
    for (let channel = i; channel < i + 3; channel += 1) {
      data[channel] = share * (map[channel] ?? 0) + (1 - share) * (bottom.data[channel] ?? 0);
    }
  }
  return { width, height, data };
}
