import sharp from 'sharp';
import { readImageHeader } from '@/lib/images/header';
import { flattenOverWhite, type RasterImage } from '@/lib/images/raster';

/**
 * Decodes an image file in Node to the raster that `lib/images/decode` gives in the browser: upright, colour profiles ignored,
 * transparency over white. Decoding alone is sharp's (libjpeg-turbo with its usual chroma upsampling, as in Pillow); resizing is ours.
 * Throws ImageError for bytes that are no image, and sharp's own error for one that cannot be decoded.
 */
export async function decodeInNode(file: Uint8Array): Promise<RasterImage> {
  readImageHeader(file);
  const { data, info } = await sharp(file, { ignoreIcc: true })
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length); // [height, width, 4]
  return flattenOverWhite({ width: info.width, height: info.height, data: pixels }).image;
}
