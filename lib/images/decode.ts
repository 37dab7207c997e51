import { fetchImage, type FetchImageOptions } from '@/lib/images/fetch-image';
import { displaySize, readImageHeader, type ImageHeader } from '@/lib/images/header';
import { ImageError } from '@/lib/images/image-error';
import { flattenOverWhite, type RasterImage } from '@/lib/images/raster';
import type { ImageFormat } from '@/lib/images/sniff';

/** Larger pictures are scaled down while they are decoded (64 MB of RGBA). */
const MAX_PIXELS = 2 ** 24;
/** Larger pictures are refused: the browser would need a gigabyte to decode one. */
const MAX_SOURCE_PIXELS = 2 ** 28;
const MAX_FILE_BYTES = 128 * 2 ** 20;
/** Enough for nearly every header; a JPEG with more metadata is read whole. */
const HEAD_BYTES = 2 ** 18;

interface DecodeOptions {
  readonly signal?: AbortSignal;
  readonly maxPixels?: number;
}

/** An opaque, upright raster and what was done to get it. */
export interface DecodedImage {
  readonly image: RasterImage;
  readonly format: ImageFormat | 'drawn';
  /** As shown, before scaling down. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  readonly scaledDown: boolean;
  readonly hadTransparency: boolean;
}

type Drawable = ImageBitmap | HTMLImageElement | HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas | VideoFrame;

/**
 * Decodes an image file in the browser (page or worker).
 * Format and size are read from the first bytes, before anything is decoded; a large picture is scaled down while decoding.
 * EXIF orientation is applied, colour profiles are ignored (as when ImageNet models are trained), transparency is laid over white, and only
 * the first frame of an animation is used. Throws ImageError.
 */
export async function decodeBlob(blob: Blob, options: DecodeOptions = {}): Promise<DecodedImage> {
  const { signal, maxPixels = MAX_PIXELS } = options;
  if (blob.size > MAX_FILE_BYTES) {
    throw new ImageError(
      'too-large',
      `This file has ${Math.round(blob.size / 1e6)} MB; the limit is ${Math.floor(MAX_FILE_BYTES / 1e6)} MB. Use a smaller version of the picture.`,
    );
  }
  throwIfAborted(signal);
  const header = await readBlobHeader(blob);
  const { width, height } = displaySize(header);
  const target = scaledWidth(width, height, maxPixels);
  throwIfAborted(signal);

  const typed = blob.slice(0, blob.size, `image/${header.format}`); // a wrong MIME type must not matter
  const bitmap = await createImageBitmap(typed, {
    imageOrientation: 'from-image',
    colorSpaceConversion: 'none',
    // Width alone: the browser keeps the proportions, even where our header reader missed a rotation.
    ...(target === width ? {} : { resizeWidth: target, resizeQuality: 'high' }),
  }).catch((cause: unknown) => {
    throw new ImageError(
      'damaged',
      `This file begins like a ${header.format.toUpperCase()} image, but the browser cannot decode it: it is damaged, cut off or of a rare kind. Save it again as PNG or JPEG, or choose another one.`,
      cause,
    );
  });
  try {
    throwIfAborted(signal);
    const drawn = decodeDrawable(bitmap, { maxPixels });
    const scaledDown = drawn.image.width * drawn.image.height < width * height;
    return { ...drawn, format: header.format, sourceWidth: width, sourceHeight: height, scaledDown };
  } finally {
    bitmap.close();
  }
}

/** Fetches and decodes the picture at an address. Throws ImageError: `blocked` where CORS forbids reading it. */
export async function decodeAddress(
  address: string,
  options: DecodeOptions & FetchImageOptions = {},
): Promise<DecodedImage> {
  return decodeBlob(await fetchImage(address, options), options);
}

/**
 * The pixels of a bitmap, a canvas or a video's current frame.
 * Throws ImageError: `bad-size` before a video has a frame, `blocked` for a picture from another origin without CORS, `browser` without a 2D canvas.
 */
export function decodeDrawable(source: Drawable, options: Pick<DecodeOptions, 'maxPixels'> = {}): DecodedImage {
  const { width, height } = drawableSize(source);
  if (width < 1 || height < 1)
    throw new ImageError('bad-size', 'There is no picture yet. Wait a moment and try again.');
  const targetWidth = scaledWidth(width, height, options.maxPixels ?? MAX_PIXELS);
  const targetHeight = targetWidth === width ? height : Math.max(1, Math.round((height * targetWidth) / width));
  const context = createContext(targetWidth, targetHeight);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, targetWidth, targetHeight);
  const pixels = readPixels(context, targetWidth, targetHeight);
  const { image, hadTransparency } = flattenOverWhite({ width: targetWidth, height: targetHeight, data: pixels });
  return {
    image,
    format: 'drawn',
    sourceWidth: width,
    sourceHeight: height,
    scaledDown: targetWidth !== width,
    hadTransparency,
  };
}

/** The width at which a picture has at most `maxPixels`. Throws ImageError (`too-large`) above MAX_SOURCE_PIXELS. */
export function scaledWidth(width: number, height: number, maxPixels: number): number {
  const pixels = width * height;
  if (pixels > MAX_SOURCE_PIXELS) {
    throw new ImageError(
      'too-large',
      `This picture has ${width} x ${height} pixels; the limit is ${Math.round(MAX_SOURCE_PIXELS / 1e6)} megapixels. Use a smaller version of it.`,
    );
  }
  if (pixels <= maxPixels) return width;
  return Math.max(1, Math.floor(width * Math.sqrt(maxPixels / pixels)));
}

async function readBlobHeader(blob: Blob): Promise<ImageHeader> {
  const head = await readBytes(blob.slice(0, HEAD_BYTES));
  try {
    return readImageHeader(head);
  } catch (error) {
    const mayBeCutOff = error instanceof ImageError && error.kind === 'damaged' && blob.size > HEAD_BYTES;
    if (!mayBeCutOff) throw error;
    return readImageHeader(await readBytes(blob));
  }
}

async function readBytes(blob: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw new ImageError(
      'damaged',
      'This file could not be read: it may have been moved or changed. Choose it again.',
      cause,
    );
  }
}

function drawableSize(source: Drawable): Pick<RasterImage, 'width' | 'height'> {
  if ('videoWidth' in source) return { width: source.videoWidth, height: source.videoHeight };
  if ('naturalWidth' in source) return { width: source.naturalWidth, height: source.naturalHeight };
  if ('displayWidth' in source) return { width: source.displayWidth, height: source.displayHeight };
  return { width: source.width, height: source.height };
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

function createContext(width: number, height: number): Context {
  const settings: CanvasRenderingContext2DSettings = { willReadFrequently: true, colorSpace: 'srgb' };
  if (typeof OffscreenCanvas !== 'undefined') {
    const context = new OffscreenCanvas(width, height).getContext('2d', settings);
    if (context !== null) return context;
  }
  if (typeof document !== 'undefined') {
    const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', settings);
    if (context !== null) return context;
  }
  throw new ImageError(
    'browser',
    'This browser does not let the page read pictures from a canvas. Allow canvas access for this page, or use another browser.',
  );
}

function readPixels(context: Context, width: number, height: number): Uint8ClampedArray {
  try {
    return context.getImageData(0, 0, width, height).data;
  } catch (cause) {
    throw cause instanceof DOMException && cause.name === 'SecurityError'
      ? new ImageError(
          'blocked',
          'This picture comes from a site that does not let other pages read it. Save it to your device and drop it here instead.',
          cause,
        )
      : new ImageError(
          'browser',
          'This picture is too large for this browser’s memory. Use a smaller version of it.',
          cause,
        );
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ImageError('cancelled', 'Loading the picture was cancelled.');
}
