import type { ColorScale } from '@/lib/viz/color-scale';
import { lchToRgb } from '@/lib/viz/lch';
import { VIRIDIS } from '@/lib/viz/viridis';

/** 8-bit. */
export type Rgb = readonly [red: number, green: number, blue: number];

export const LUT_SIZE = 256;

/** Where 0 lies in the table of a diverging ramp: an exact entry, so that no difference is exactly neutral. */
export const NEUTRAL_INDEX = 128;

/** Attention: viridis. Its lightness rises evenly, so equal steps of the number look equal, also in grey and to colour-blind eyes. */
function attentionColor(index: number): Rgb {
  const channel = (offset: number) => parseInt(VIRIDIS.slice(6 * index + offset, 6 * index + offset + 2), 16);
  return [channel(0), channel(2), channel(4)];
}

/** Distortion t in 0..1: L = 94 - 70 t in CIELCh, blue, from near the paper (as the teacher) to deep (far from it). */
function distortionColor(t: number): Rgb {
  return lchToRgb(280, 7 + 38 * Math.sin((Math.PI / 2) * t), 94 - 70 * t);
}

/**
 * Signed difference m in -1..1: orange for less, grey-white for equal, purple for more.
 * L = 96.5 - 62 |m| and C = 58 (1 - (1 - |m|)²)(1 - m²/5) in CIELCh, alike on both sides, so that equal magnitudes look equally strong; orange and purple
 * stay apart in all common kinds of colour blindness.
 */
function differenceColor(m: number): Rgb {
  const magnitude = Math.abs(m);
  const chroma = 58 * (1 - (1 - magnitude) ** 2) * (1 - magnitude ** 2 / 5);
  return lchToRgb(m < 0 ? 62 : 306, chroma, 96.5 - 62 * magnitude);
}

/** 256 opaque colours, RGBA. */
function buildLut(colorAt: (index: number) => Rgb): Uint8ClampedArray {
  const lut = new Uint8ClampedArray(4 * LUT_SIZE); // [256, 4]
  for (let i = 0; i < LUT_SIZE; i += 1) lut.set([...colorAt(i), 255], 4 * i);
  return lut;
}

const luts: { readonly [Name in 'attention' | 'distortion' | 'difference']: () => Uint8ClampedArray } = {
  attention: once(() => buildLut(attentionColor)),
  distortion: once(() => buildLut((i) => distortionColor(i / (LUT_SIZE - 1)))),
  difference: once(() => buildLut((i) => differenceColor(Math.max(-1, (i - NEUTRAL_INDEX) / (NEUTRAL_INDEX - 1))))),
};

/** The colours of a scale, RGBA; shared, not to be written to. Shape: [256, 4]. */
export function lutOf(scale: ColorScale): Uint8ClampedArray {
  return scale.kind === 'diverging' ? luts.difference() : luts[scale.ramp]();
}

/** Tables are made on first use, not while the page loads. */
function once<T>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}
