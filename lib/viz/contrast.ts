import type { Rgb } from '@/lib/viz/ramps';

/** Text on colours. Pure black, because only then one of the two reaches 4.5:1 on every background. */
export const DARK_TEXT: Rgb = [0, 0, 0];
export const LIGHT_TEXT: Rgb = [255, 255, 255];

/**
 * Relative luminance of an sRGB colour, 0..1: 0.2126 R + 0.7152 G + 0.0722 B of the linear channels.
 * Source: WCAG 2.2, definition of relative luminance.
 */
export function relativeLuminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast ratio of two colours, 1..21: (L1 + 0.05) / (L2 + 0.05) with L1 the lighter. Source: WCAG 2.2. */
export function contrastRatio(a: Rgb, b: Rgb): number {
  const first = relativeLuminance(a) + 0.05;
  const second = relativeLuminance(b) + 0.05;
  return Math.max(first, second) / Math.min(first, second);
}

/** The text colour that reads better on `background`; at least 4.5:1, whatever that is. */
export function textColorOn(background: Rgb): Rgb {
  return contrastRatio(background, LIGHT_TEXT) >= contrastRatio(background, DARK_TEXT) ? LIGHT_TEXT : DARK_TEXT;
}

function linear(channel: number): number {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}
