import { ImageError } from '@/lib/images/image-error';

/** An 8-bit RGBA image, row by row from the top left, alpha not premultiplied. */
export interface RasterImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray; // [height, width, 4]
}

/** A square in source pixels; its corners may be fractional. */
export interface SquareCrop {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** Throws ImageError (`bad-size`) for an empty picture and RangeError for a buffer of another length than 4 width height. */
export function checkRaster(image: RasterImage): void {
  const { width, height, data } = image;
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new ImageError('bad-size', 'This picture has no pixels. Choose another one.');
  }
  if (data.length !== 4 * width * height) {
    throw new RangeError(`a ${width} x ${height} raster needs ${4 * width * height} bytes, not ${data.length}`);
  }
}

/**
 * Lays a picture over white, as most pages show a cut-out: c' = (c a + 255 (255 - a)) / 255, rounded; alpha becomes 255.
 * An opaque picture is returned as it is.
 */
export function flattenOverWhite(image: RasterImage): {
  readonly image: RasterImage;
  readonly hadTransparency: boolean;
} {
  checkRaster(image);
  const { data } = image;
  let hadTransparency = false;
  for (let i = 3; i < data.length && !hadTransparency; i += 4) hadTransparency = data[i] !== 255;
  if (!hadTransparency) return { image, hadTransparency };

  const flat = new Uint8ClampedArray(data.length); // [height, width, 4]
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] ?? 255;
    const white = 255 * (255 - alpha);
    for (let channel = 0; channel < 3; channel += 1) {
      flat[i + channel] = Math.round(((data[i + channel] ?? 0) * alpha + white) / 255);
    }
    flat[i + 3] = 255;
  }
  return { image: { width: image.width, height: image.height, data: flat }, hadTransparency };
}

/**
 * Luma of an opaque picture in 8 bits: (19595 R + 38470 G + 7471 B + 32768) >> 16, the fixed-point form of
 * ITU-R BT.601's 0.299 R + 0.587 G + 0.114 B that Pillow's convert('L') uses, so that a grey picture keeps its values.
 */
export function lumaBytes(image: RasterImage): Uint8ClampedArray {
  checkRaster(image);
  const { data } = image;
  const luma = new Uint8ClampedArray(image.width * image.height); // [height, width]
  for (let i = 0, j = 0; i < luma.length; i += 1, j += 4) {
    luma[i] = (19595 * (data[j] ?? 0) + 38470 * (data[j + 1] ?? 0) + 7471 * (data[j + 2] ?? 0) + 32768) >> 16;
  }
  return luma;
}

/** Grey bytes as an opaque raster. Shapes: [height * width] -> [height, width, 4]. Throws RangeError on another length. */
export function greyBytesToRaster(bytes: ArrayLike<number>, width: number, height: number): RasterImage {
  if (bytes.length !== width * height)
    throw new RangeError(`${width} x ${height} grey pixels expected, got ${bytes.length}`);
  const data = new Uint8ClampedArray(4 * bytes.length).fill(255); // [height, width, 4]
  for (let i = 0; i < bytes.length; i += 1) data.fill(bytes[i] ?? 0, 4 * i, 4 * i + 3);
  return { width, height, data };
}

/** A copy of a rectangle, whole pixels only. Throws RangeError where it is empty or leaves the picture. */
export function cropRaster(image: RasterImage, x: number, y: number, width: number, height: number): RasterImage {
  checkRaster(image);
  const whole = [x, y, width, height].every(Number.isInteger);
  if (!whole || x < 0 || y < 0 || width < 1 || height < 1 || x + width > image.width || y + height > image.height) {
    throw new RangeError(`crop ${width} x ${height} at (${x}, ${y}) does not fit in ${image.width} x ${image.height}`);
  }
  const data = new Uint8ClampedArray(4 * width * height); // [height, width, 4]
  for (let row = 0; row < height; row += 1) {
    const start = 4 * ((y + row) * image.width + x);
    data.set(image.data.subarray(start, start + 4 * width), 4 * row * width);
  }
  return { width, height, data };
}
