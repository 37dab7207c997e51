/** How a picture becomes a model's input: plain data, and the one function that does it. */
import type { RasterImage, SquareCrop } from '@/lib/images/raster';

export type Triple = readonly [number, number, number];

interface Common {
  /** Side of the square that the model takes, pixels. */
  readonly imageSize: number;
  readonly channels: number;
  /** Of values in 0..1, for each channel: (v - mean) / std. */
  readonly mean: readonly number[]; // [channels]
  readonly std: readonly number[]; // [channels]
}

/** Cropped to a square, grey, bright on dark: as Fashion-MNIST's pictures are. */
export interface GreyPreprocessing extends Common {
  readonly kind: 'grey';
}

/** Shorter side resized, centre cropped: as published models are evaluated. */
export interface PhotoPreprocessing extends Common {
  readonly kind: 'photo';
  /** What the shorter side is resized to, pixels; at least `imageSize`. */
  readonly resize: number;
  readonly interpolation: 'bicubic' | 'bilinear';
  /** Stated by the model's config.json, or assumed because nothing states it. */
  readonly source: 'config.json' | 'assumed';
}

export type Preprocessing = GreyPreprocessing | PhotoPreprocessing;

/** What a person may choose about their own picture. */
export interface PictureOptions {
  /** The square that is kept, in pixels of the original; `null`: the largest centred one, or the evaluation's own. */
  readonly crop: SquareCrop | null;
  /** Of grey pictures: whether dark and bright are swapped. */
  readonly invert: 'auto' | boolean;
  /** Of grey pictures: 0..2 about the mean; 1 changes nothing. */
  readonly contrast: number;
}

export const DEFAULT_OPTIONS: PictureOptions = { crop: null, invert: 'auto', contrast: 1 };

export interface PreparedPicture {
  /** 0..1, before normalization. */
  readonly pixels: Float32Array; // [channels, size, size]
  /** The same in 8 bits. */
  readonly bytes: Uint8Array; // [channels, size, size]
  /** What the options came to. */
  readonly applied: { readonly crop: SquareCrop; readonly inverted: boolean };
}

/**
 * Loads the code that a kind needs when it is first used.
 *
 * @throws ImageError for an empty picture, RangeError for a contrast outside 0..2
 */
export async function preparePicture(
  original: RasterImage,
  preprocessing: Preprocessing,
  { crop, invert, contrast }: PictureOptions = DEFAULT_OPTIONS,
): Promise<PreparedPicture> {
  switch (preprocessing.kind) {
    case 'grey': {
      const { toGrey28 } = await import('@/lib/images/grey28');
      const grey = toGrey28(original, { invert, contrast, ...(crop === null ? {} : { crop }) });
      return { pixels: grey.values, bytes: grey.bytes, applied: { crop: grey.crop, inverted: grey.inverted } };
    }
    case 'photo': {
      const { photoInput } = await import('@/lib/images/photo-input');
      const { imageSize, resize, interpolation, channels } = preprocessing;
      const spec = { size: imageSize, resize: Math.max(resize, imageSize), interpolation, channels };
      const input = photoInput(original, spec, crop);
      return { pixels: input.pixels, bytes: input.bytes, applied: { crop: input.crop, inverted: false } };
    }
    default:
      return preprocessing satisfies never;
  }
}

/** (v - mean) / std for each channel. Shape unchanged. */
export function normalizePixels(pixels: Float32Array, { imageSize, mean, std }: Common): Float32Array {
  const area = imageSize ** 2;
  return pixels.map((value, i) => {
    const channel = Math.floor(i / area);
    return (value - (mean[channel] ?? 0)) / (std[channel] ?? 1);
  });
}
