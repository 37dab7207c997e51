import { fetchImage, type FetchImageOptions } from '@/lib/images/fetch-image';
import { displaySize, readImageHeader, type ImageHeader } from '@/lib/images/header';
import { ImageError } from '@/lib/images/image-error';
import { flattenOverWhite, type RasterImage } from '@/lib/images/raster';
import type { ImageFormat } from '@/lib/images/sniff';

/** Most pixels a raster may have (64 MB of RGBA): larger pictures are scaled down while they are decoded. */
export const MAX_PIXELS = 2 ** 24;
/** Pictures of more pixels than this are refused: the browser would hold a gigabyte while it decodes. */
export const MAX_SOURCE_PIXELS = 2 ** 28;
/** Largest accepted file. */
export const MAX_FILE_BYTES = 128 * 2 ** 20;
/** Enough for nearly every header; a JPEG with longer metadata is read in whole. */
const HEAD_BYTES = 2 ** 18;

export interface DecodeOptions {
  readonly signal?: AbortSignal;
  readonly maxPixels?: number;
}

/** An opaque, upright raster, and what was done to get it, so that the interface can say so. */
export interface DecodedImage {
  readonly image: RasterImage;
  readonly format: ImageFormat | 'drawn';
  /** As shown, before scaling down. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  readonly scaledDown: boolean;
  /** True where transparent parts were laid over white. */
  readonly hadTransparency: boolean;
}

/** Everything a canvas can draw that this app meets: pictures, the camera's video, other canvases. */
export type Drawable =
  ImageBitmap | HTMLImageElement | HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas | VideoFrame;

/**
 * Decodes an image file in the browser (page or worker).
 * The first bytes decide the format before anything is decoded; the header's size decides whether the picture is scaled down on the way.
 * The EXIF orientation is applied, embedded colour profiles are ignored (as the training of ImageNet models ignores them), transparency goes over white,
 * of an animation the first frame is taken. Throws ImageError.
 */
export async function decodeBlob(blob: Blob, options: DecodeOptions = {}): Promise<DecodedImage> {
  const { signal, maxPixels = MAX_PIXELS } = options;
  if (blob.size > MAX_FILE_BYTES) {
    throw new ImageError(
      'too-large',
      `This file has ${Math.round(blob.size / 1e6)} MB; ${Math.floor(MAX_FILE_BYTES / 1e6)} MB are the most that is opened here. Use a smaller version of the picture.`,
    );
  }
  throwIfAborted(signal);
  const header = await readBlobHeader(blob);
  const { width, height } = displaySize(header);
  const target = scaledWidth(width, height, maxPixels);
  throwIfAborted(signal);

  // Only the width is given: the browser keeps the proportions itself, also for a turned picture whose orientation was not found.
  const resize: ImageBitmapOptions = target === width ? {} : { resizeWidth: target, resizeQuality: 'high' };
  const typed = blob.slice(0, blob.size, `image/${header.format}`); // a wrong MIME type must not matter
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(typed, {
      imageOrientation: 'from-image',
      colorSpaceConversion: 'none',
      ...resize,
    });
  } catch (cause) {
    throw undecodable(header, cause);
  }
  try {
    throwIfAborted(signal);
    const drawn = decodeDrawable(bitmap, { maxPixels });
    const scaledDown = drawn.image.width * drawn.image.height < width * height;
    return { ...drawn, format: header.format, sourceWidth: width, sourceHeight: height, scaledDown };
  } finally {
    bitmap.close();
  }
}

/** Fetches an address and decodes what comes. Throws ImageError, `blocked` where CORS forbids the reading. */
export async function decodeAddress(
  address: string,
  options: DecodeOptions & FetchImageOptions = {},
): Promise<DecodedImage> {
  const blob = await fetchImage(address, options);
  return decodeBlob(blob, options);
}

/**
 * The pixels of something drawable: an ImageBitmap, a canvas, the current frame of the camera.
 * Throws ImageError: `bad-size` before a video has a frame, `blocked` for a picture of another origin without CORS, `browser` without a 2D canvas.
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

/** Width at which a picture has at most `maxPixels`; its own width where it has no more. Throws ImageError (`too-large`) above MAX_SOURCE_PIXELS. */
export function scaledWidth(width: number, height: number, maxPixels: number): number {
  const pixels = width * height;
  if (pixels > MAX_SOURCE_PIXELS) {
    throw new ImageError(
      'too-large',
      `This picture is ${width} x ${height} pixels; up to ${Math.round(MAX_SOURCE_PIXELS / 1e6)} megapixels can be opened. Use a smaller version of it.`,
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
      'This file could not be read; it may have been moved or changed. Choose it again.',
      cause,
    );
  }
}

function drawableSize(source: Drawable): { readonly width: number; readonly height: number } {
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
    'This browser offers no canvas to read pictures with. Allow canvas access for this page, or use another browser.',
  );
}

function readPixels(context: Context, width: number, height: number): Uint8ClampedArray {
  try {
    return context.getImageData(0, 0, width, height).data;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'SecurityError') {
      throw new ImageError(
        'blocked',
        'This picture comes from a site that does not let other pages read it. Save it to your device and drop it here instead.',
        cause,
      );
    }
    throw new ImageError(
      'browser',
      'This picture is too large for the memory of this browser. Use a smaller version of it.',
      cause,
    );
  }
}

function undecodable(header: ImageHeader, cause: unknown): ImageError {
  const name = header.format.toUpperCase();
  return new ImageError(
    'damaged',
    `This file begins like a ${name} image, but the browser cannot decode it; it is damaged, cut off or of a rare kind. Save it again as PNG or JPEG, or choose another one.`,
    cause,
  );
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ImageError('cancelled', 'Loading the picture was cancelled.');
}
