/** A photograph as a backbone sees it before normalization: a square of its size, in colour or grey, 0..1. */
import { centreCropOrigin, resizeAndCrop, resizedSize } from '@/lib/images/preprocess';
import { cropRaster, lumaBytes, type RasterImage, type SquareCrop } from '@/lib/images/raster';
import { clampSquare } from '@/lib/images/square';
import { resizeRaster, type ResizeFilter } from '@/lib/images/resize';

export interface PhotoInputSpec {
  /** Side of the model's picture, pixels. */
  readonly size: number;
  /** Length of the short side before the centre is cut out, pixels; at least `size`. */
  readonly resize: number;
  readonly interpolation: ResizeFilter;
  /** 3, or 1: luma. */
  readonly channels: number;
}

export interface PhotoInput {
  readonly pixels: Float32Array; // [channels, size, size]
  /** The same in 8 bits. */
  readonly bytes: Uint8Array; // [channels, size, size]
  /** The square that was kept, in pixels of the original. */
  readonly crop: SquareCrop;
}

/**
 * Resized and cut as at the model's evaluation, or a square of the visitor's brought to its size; bicubic as Pillow does it.
 *
 * @param crop in pixels of the original; `null` for the evaluation's own
 * @throws ImageError for an empty picture
 */
export function photoInput(original: RasterImage, spec: PhotoInputSpec, crop: SquareCrop | null): PhotoInput {
  const { size, channels } = spec;
  const kept = crop === null ? evaluationCrop(original, spec) : clampSquare(crop, original.width, original.height);
  const view = crop === null ? resizeAndCrop(original, { ...spec, crop: size }) : square(original, kept, spec);
  const bytes = channels === 1 ? Uint8Array.from(lumaBytes(view)) : planes(view, channels);
  return { bytes, pixels: unit(bytes), crop: kept };
}

/** 0..1; in a loop, for a callback for each of 150,000 values takes many times as long. */
function unit(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) values[i] = (bytes[i] ?? 0) / 255;
  return values;
}

function square(original: RasterImage, { x, y, size: side }: SquareCrop, spec: PhotoInputSpec): RasterImage {
  const whole = Math.max(1, Math.floor(side));
  const cut = cropRaster(original, Math.floor(x), Math.floor(y), whole, whole);
  return resizeRaster(cut, spec.size, spec.size, spec.interpolation);
}

/** [height, width, 4] -> [channels, height, width] */
function planes({ width, height, data }: RasterImage, channels: number): Uint8Array {
  const area = width * height;
  const bytes = new Uint8Array(channels * area);
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < area; i++) bytes[channel * area + i] = data[4 * i + Math.min(channel, 2)] ?? 0;
  return bytes;
}

function evaluationCrop({ width, height }: RasterImage, { size, resize }: PhotoInputSpec): SquareCrop {
  const resized = resizedSize(width, height, resize);
  const { x, y } = centreCropOrigin(resized.width, resized.height, size);
  const scale = Math.min(width, height) / resize;
  return { x: x * scale, y: y * scale, size: size * scale };
}
