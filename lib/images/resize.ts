import { checkRaster, type RasterImage } from '@/lib/images/raster';

/** Kernels, in units of one output pixel when shrinking and one input pixel when enlarging. */
export type ResizeFilter = 'box' | 'bilinear' | 'bicubic';

/** The part of the source to resample, in source pixels; edges may be fractional. */
interface SourceBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Kernel {
  readonly support: number;
  readonly weight: (x: number) => number;
}

/** Keys' cubic convolution with a = -1/2 (Catmull-Rom), as in Pillow; OpenCV and PyTorch use -3/4. Source: Keys 1981. */
const CUBIC_A = -0.5;

const KERNELS: Readonly<Record<ResizeFilter, Kernel>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: cubic },
};

/** Weights are integers with 22 fractional bits, so that every platform sums the same numbers in any order. */
const ONE = 2 ** 22;

interface Taps {
  /** First source index of each output. */
  readonly first: Int32Array; // [out]
  /** How many sources each output sums. */
  readonly count: Int32Array; // [out]
  readonly weights: Int32Array; // [out, stride]
  readonly stride: number;
}

function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return ((CUBIC_A + 2) * t - (CUBIC_A + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * CUBIC_A;
  return 0;
}

/**
 * The taps of one axis. Output i sits at centre c = start + (i + 1/2) scale, scale = (end - start) / outSize; its sources are those
 * whose centres lie within support * max(scale, 1) of c, weighted by the kernel stretched alike (this is the antialiasing) and normalized to sum 1.
 */
function computeTaps(inSize: number, start: number, end: number, outSize: number, filter: ResizeFilter): Taps {
  const kernel = KERNELS[filter];
  const scale = (end - start) / outSize;
  const stretch = Math.max(scale, 1);
  const shrink = 1 / stretch;
  const support = kernel.support * stretch;
  const stride = 2 * Math.ceil(support) + 1;
  const first = new Int32Array(outSize); // [out]
  const count = new Int32Array(outSize); // [out]
  const weights = new Int32Array(outSize * stride); // [out, stride]
  const raw = new Float64Array(stride);
  for (let i = 0; i < outSize; i += 1) {
    const centre = start + (i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(inSize, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let k = from; k < to; k += 1) {
      const weight = kernel.weight((k - centre + 0.5) * shrink);
      raw[k - from] = weight;
      sum += weight;
    }
    for (let k = 0; k < to - from; k += 1) {
      const share = (raw[k] ?? 0) / (sum === 0 ? 1 : sum);
      // Half away from zero: Math.round alone would send -0.5 to 0.
      weights[i * stride + k] = Math.sign(share) * Math.round(Math.abs(share) * ONE);
    }
    first[i] = from;
    count[i] = to - from;
  }
  return { first, count, weights, stride };
}

/** Resamples one axis. `steps` is the distance between neighbours along the axis, `lines` how the lines start, both in values. */
function resampleAxis(
  source: Uint8ClampedArray,
  taps: Taps,
  outSize: number,
  channels: number,
  lines: { readonly count: number; readonly sourceStride: number; readonly targetStride: number },
  steps: { readonly source: number; readonly target: number },
): Uint8ClampedArray {
  const target = new Uint8ClampedArray(lines.count * outSize * channels);
  for (let line = 0; line < lines.count; line += 1) {
    const sourceLine = line * lines.sourceStride;
    const targetLine = line * lines.targetStride;
    for (let i = 0; i < outSize; i += 1) {
      const start = sourceLine + (taps.first[i] ?? 0) * steps.source;
      const taken = taps.count[i] ?? 0;
      const base = i * taps.stride;
      const written = targetLine + i * steps.target;
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = ONE / 2;
        for (let k = 0, at = start + channel; k < taken; k += 1, at += steps.source) {
          sum += (source[at] ?? 0) * (taps.weights[base + k] ?? 0);
        }
        target[written + channel] = Math.floor(sum / ONE); // the clamped array cuts off overshoot
      }
    }
  }
  return target;
}

/**
 * Antialiased separable resampling of interleaved 8-bit channels: across, rounded to 8 bits, then down, rounded again. Bit for bit what
 * Pillow's Image.resize does (22-bit fixed-point weights), with which the inputs of ImageNet models are made.
 *
 * Shapes: [height, width, channels] -> [outHeight, outWidth, channels]. An axis that keeps its size and its box is passed through.
 * Cost: outWidth * height * taps + outWidth * outHeight * taps, taps about 2 support * scale + 1. Throws RangeError on impossible sizes or boxes.
 */
export function resizeBytes(
  source: Uint8ClampedArray,
  size: { readonly width: number; readonly height: number; readonly channels: number },
  outWidth: number,
  outHeight: number,
  filter: ResizeFilter,
  box: SourceBox = { left: 0, top: 0, right: size.width, bottom: size.height },
): Uint8ClampedArray {
  const { width, height, channels } = size;
  if (source.length !== width * height * channels) {
    throw new RangeError(`${width} x ${height} x ${channels} values expected, got ${source.length}`);
  }
  if (!Number.isInteger(outWidth) || !Number.isInteger(outHeight) || outWidth < 1 || outHeight < 1) {
    throw new RangeError(`cannot resize to ${outWidth} x ${outHeight}`);
  }
  const inside = box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
  if (!inside || !(box.right > box.left) || !(box.bottom > box.top)) {
    throw new RangeError(`box ${box.left}, ${box.top}, ${box.right}, ${box.bottom} is not inside ${width} x ${height}`);
  }

  let across = source; // [height, outWidth, channels]
  if (outWidth !== width || box.left !== 0 || box.right !== width) {
    const taps = computeTaps(width, box.left, box.right, outWidth, filter);
    const lines = { count: height, sourceStride: width * channels, targetStride: outWidth * channels };
    across = resampleAxis(source, taps, outWidth, channels, lines, { source: channels, target: channels });
  }
  if (outHeight === height && box.top === 0 && box.bottom === height)
    return across === source ? source.slice() : across;

  const taps = computeTaps(height, box.top, box.bottom, outHeight, filter);
  // A column of pixels is one line, its channels side by side, so the inner loop is the same as across.
  const lines = { count: outWidth, sourceStride: channels, targetStride: channels };
  const steps = { source: outWidth * channels, target: outWidth * channels };
  return resampleAxis(across, taps, outHeight, channels, lines, steps); // [outHeight, outWidth, channels]
}

/** `resizeBytes` for an opaque raster (lay a transparent one over white first: each channel is resampled by itself). */
export function resizeRaster(
  image: RasterImage,
  outWidth: number,
  outHeight: number,
  filter: ResizeFilter,
  box?: SourceBox,
): RasterImage {
  checkRaster(image);
  const size = { width: image.width, height: image.height, channels: 4 };
  return { width: outWidth, height: outHeight, data: resizeBytes(image.data, size, outWidth, outHeight, filter, box) };
}
