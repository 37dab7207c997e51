import { hcl, rgb } from 'd3-color';
import { interpolateViridis } from 'd3-scale-chromatic';
import type { ColorScale } from '@/lib/viz/color-scale';

/** 8-bit. */
export type Rgb = readonly [red: number, green: number, blue: number];

export const LUT_SIZE = 256;

/** Where 0 lies in the table of a diverging ramp: an exact entry, so that no difference is exactly neutral. */
export const NEUTRAL_INDEX = 128;

/**
 * Attention: viridis. Its lightness rises evenly, so equal steps of the number look equal, also in grey and to colour-blind eyes.
 */
const attentionRamp = interpolateViridis;

/** Distortion t in 0..1: L = 94 - 70 t in CIELCh, blue, from near the paper (as the teacher) to deep (far from it). */
function distortionRamp(t: number): string {
  return hcl(280, 7 + 38 * Math.sin((Math.PI / 2) * t), 94 - 70 * t).formatHex();
}

/**
 * Signed difference m in -1..1: orange for less, grey-white for equal, purple for more.
 * L = 96.5 - 62 |m| and C = 58 (1 - (1 - |m|)²)(1 - m²/5) in CIELCh, alike on both sides, so that equal magnitudes look equally strong; orange and purple
 * stay apart in all common kinds of colour blindness.
 */
function differenceRamp(m: number): string {
  const magnitude = Math.abs(m);
  const chroma = 58 * (1 - (1 - magnitude) ** 2) * (1 - magnitude ** 2 / 5);
  return hcl(m < 0 ? 62 : 306, chroma, 96.5 - 62 * magnitude).formatHex();
}

/** 256 opaque colours, RGBA. */
function buildLut(colorAt: (index: number) => string): Uint8ClampedArray {
  const lut = new Uint8ClampedArray(4 * LUT_SIZE); // [256, 4]
  for (let i = 0; i < LUT_SIZE; i += 1) {
    const { r, g, b } = rgb(colorAt(i));
    lut.set([r, g, b, 255], 4 * i);
  }
  return lut;
}

const luts: { readonly [Name in 'attention' | 'distortion' | 'difference']: () => Uint8ClampedArray } = {
  attention: once(() => buildLut((i) => attentionRamp(i / (LUT_SIZE - 1)))),
  distortion: once(() => buildLut((i) => distortionRamp(i / (LUT_SIZE - 1)))),
  difference: once(() => buildLut((i) => differenceRamp(Math.max(-1, (i - NEUTRAL_INDEX) / (NEUTRAL_INDEX - 1))))),
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
