/** The current image: a shipped sample, or a picture of the visitor's as 28 x 28 grey. */
import { bytesToUnit, toGrey28 } from '@/lib/images/grey28';
import type { RasterImage } from '@/lib/images/raster';
import type { Sample } from '@/lib/images/samples';
import { fingerprint } from '@/state/fingerprint';
import type { CurrentImage, ImageState, OwnImage, PreprocessOptions, SampleImage } from '@/state/app-state';

export const INITIAL_IMAGE: ImageState = { samples: null, photographs: null, current: null };

export const DEFAULT_PREPROCESS: PreprocessOptions = { crop: null, invert: 'auto', contrast: 1 };

/** A visitor's picture, as it is kept. */
export interface OwnRecord {
  readonly key: string;
  readonly name: string;
  readonly original: RasterImage;
  readonly options: PreprocessOptions;
}

/** @returns `null` when the key names no sample */
export function sampleIndex(key: string): number | null {
  const [, index] = /^sample-(\d+)$/.exec(key) ?? [];
  return index === undefined ? null : Number(index);
}

export function sampleImage({ index, label, bytes }: Sample): SampleImage {
  return { kind: 'sample', key: `sample-${index}`, index, label, bytes, pixels: bytesToUnit(bytes) };
}

export function ownRecord(original: RasterImage, name: string): OwnRecord {
  const { width, height, data } = original;
  // A key of the pixels: the same picture brought twice is the same image.
  const key = `own-${fingerprint([...fingerprint(data)].map((digit) => digit.charCodeAt(0)).concat(width, height))}`;
  return { key, name, original, options: DEFAULT_PREPROCESS };
}

/** @throws ImageError for an empty picture, RangeError for a contrast outside 0..2 */
export function ownImage({ key, name, original, options }: OwnRecord): OwnImage {
  const { crop, invert, contrast } = options;
  const grey = toGrey28(original, { invert, contrast, ...(crop === null ? {} : { crop }) });
  const applied = { crop: grey.crop, inverted: grey.inverted };
  return { kind: 'own', key, name, original, options, applied, pixels: grey.values, bytes: grey.bytes };
}

/** Names the results of exactly these pixels, whatever way they came about. */
export function pixelsKey({ bytes }: CurrentImage): string {
  return fingerprint(bytes);
}
