import { cropRaster, flattenOverWhite, type RasterImage } from '@/lib/images/raster';
import { resizeRaster, type ResizeFilter } from '@/lib/images/resize';

/** How a picture becomes a model's input: resize the short side, crop the centre, normalize each channel. */
export interface PreprocessSpec {
  /** Length of the short side after resizing, in pixels. */
  readonly resize: number;
  /** Side of the centred square, in pixels; at most `resize`. */
  readonly crop: number;
  /** Per channel R, G, B, of values in 0..1. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  readonly interpolation: ResizeFilter;
}

/** Evaluation of DeiT and Swin on ImageNet (arXiv 2012.12877, 2103.14030): 256/224 bicubic, statistics of the ImageNet training set. */
export const IMAGENET_PREPROCESS: PreprocessSpec = {
  resize: 256,
  crop: 224,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  interpolation: 'bicubic',
};

export interface PreprocessedImage {
  /** Normalized, channels first. */
  readonly pixels: Float32Array; // [3, crop, crop]
  /** What the model sees, for drawing under an attention map. */
  readonly view: RasterImage; // [crop, crop, 4]
}

/** Python's round: half goes to the even neighbour; torchvision's centre crop is defined with it. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Size with the short side at `resize` and the long one at floor(resize * long / short), as torchvision's Resize takes it. */
export function resizedSize(
  width: number,
  height: number,
  resize: number,
): { readonly width: number; readonly height: number } {
  const long = Math.floor((resize * Math.max(width, height)) / Math.min(width, height));
  return width <= height ? { width: resize, height: long } : { width: long, height: resize };
}

/** Top left corner of torchvision's CenterCrop: round((side - crop) / 2), half to even. */
export function centreCropOrigin(
  width: number,
  height: number,
  crop: number,
): { readonly x: number; readonly y: number } {
  return { x: roundHalfEven((width - crop) / 2), y: roundHalfEven((height - crop) / 2) };
}

/** Resizes and crops; the result is what the model sees before normalization. Throws RangeError when the crop is larger than the short side. */
export function resizeAndCrop(
  image: RasterImage,
  spec: Pick<PreprocessSpec, 'resize' | 'crop' | 'interpolation'>,
): RasterImage {
  if (spec.crop > spec.resize)
    throw new RangeError(`a crop of ${spec.crop} does not fit in a short side of ${spec.resize}`);
  const { image: opaque } = flattenOverWhite(image);
  const size = resizedSize(opaque.width, opaque.height, spec.resize);
  const isUnchanged = size.width === opaque.width && size.height === opaque.height;
  const resized = isUnchanged ? opaque : resizeRaster(opaque, size.width, size.height, spec.interpolation);
  const { x, y } = centreCropOrigin(size.width, size.height, spec.crop);
  return cropRaster(resized, x, y, spec.crop, spec.crop);
}

/**
 * x_c = (v_c / 255 - mean_c) / std_c in float32, channels first: [height, width, 4] -> [3, height, width]. Alpha is dropped.
 */
export function normalizeChannels(image: RasterImage, spec: Pick<PreprocessSpec, 'mean' | 'std'>): Float32Array {
  const area = image.width * image.height;
  const pixels = new Float32Array(3 * area); // [3, height, width]
  for (const [channel, mean] of spec.mean.entries()) {
    const std = spec.std[channel] ?? 1;
    for (let i = 0; i < area; i += 1) {
      pixels[channel * area + i] = ((image.data[4 * i + channel] ?? 0) / 255 - mean) / std;
    }
  }
  return pixels;
}

/** A picture as the model's input, by default that of ImageNet models. Shapes: [height, width, 4] -> [3, crop, crop]. */
export function preprocess(image: RasterImage, spec: PreprocessSpec = IMAGENET_PREPROCESS): PreprocessedImage {
  const view = resizeAndCrop(image, spec);
  return { pixels: normalizeChannels(view, spec), view };
}
