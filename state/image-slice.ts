/** The current image: a sample of the family, or a person's own picture. */
import { DEFAULT_OPTIONS, preparePicture, type PictureOptions, type Preprocessing } from '@/lib/images/preprocessing';
import type { RasterImage } from '@/lib/images/raster';
import type { CurrentImage, ImageState, OwnImage } from '@/state/app-state';
import { fingerprint } from '@/state/fingerprint';

export const INITIAL_IMAGE: ImageState = { samples: null, current: null };

/** A person's picture, as it is kept. */
export interface OwnRecord {
  readonly key: string;
  readonly name: string;
  readonly original: RasterImage;
  readonly options: PictureOptions;
}

export function ownRecord(original: RasterImage, name: string): OwnRecord {
  const { width, height, data } = original;
  // A key of the pixels: the same picture brought twice is the same image.
  const key = `own-${fingerprint([...fingerprint(data)].map((digit) => digit.charCodeAt(0)).concat(width, height))}`;
  return { key, name, original, options: DEFAULT_OPTIONS };
}

/** As the models see it. @throws ImageError for an empty picture, RangeError for a contrast outside 0..2 */
export async function ownImage(record: OwnRecord, preprocessing: Preprocessing): Promise<OwnImage> {
  const prepared = await preparePicture(record.original, preprocessing, record.options);
  return { kind: 'own', ...record, ...prepared };
}

const pixelsKeys = new WeakMap<CurrentImage, string>();

/** Names the results of exactly these pixels, whatever way they came about. Hashed once for each image. */
export function pixelsKey(image: CurrentImage): string {
  const key = pixelsKeys.get(image) ?? fingerprint(image.bytes);
  pixelsKeys.set(image, key);
  return key;
}
