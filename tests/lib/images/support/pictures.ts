import type { RasterImage } from '@/lib/images/raster';

/** The same pictures as tests/golden/make-image-goldens.py makes: noise of a linear congruential generator, optionally over a ramp. */
export function makePicture(seed: number, width: number, height: number, smooth: boolean): RasterImage {
  const data = new Uint8ClampedArray(4 * width * height).fill(255); // [height, width, 4]
  let state = seed >>> 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        state = (Math.imul(1664525, state) + 1013904223) >>> 0;
        const noise = state >>> 24;
        const ramp = (Math.floor((x * 255) / width) + Math.floor((y * 255) / height) * (channel + 1)) % 256;
        data[4 * (y * width + x) + channel] = smooth ? Math.floor((3 * ramp + noise) / 4) : noise;
      }
    }
  }
  return { width, height, data };
}

/** Without alpha, as Pillow's `tobytes` of an RGB picture: [height, width, 4] -> [height, width, 3]. */
export function rgbBytes(image: RasterImage): Uint8Array {
  return Uint8Array.from(
    { length: 3 * image.width * image.height },
    (_, i) => image.data[4 * Math.floor(i / 3) + (i % 3)] ?? 0,
  );
}
