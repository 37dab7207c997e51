import { scalePosition, type ColorScale } from '@/lib/viz/color-scale';
import { LUT_SIZE, lutOf, NEUTRAL_INDEX, type Rgb } from '@/lib/viz/ramps';

/**
 * The entry of a scale's table for a value: round(255 position), or 128 + round(127 (2 position - 1)) for a diverging scale.
 * `null` for what is not a finite number.
 */
export function lutIndex(scale: ColorScale, value: number | null | undefined): number | null {
  const position = scalePosition(scale, value);
  if (position === null) return null;
  return scale.kind === 'diverging'
    ? NEUTRAL_INDEX + Math.round((2 * position - 1) * (NEUTRAL_INDEX - 1))
    : Math.round(position * (LUT_SIZE - 1));
}

/** The colour of a value; `null` for what is not a finite number. */
export function scaleColor(scale: ColorScale, value: number | null | undefined): Rgb | null {
  const index = lutIndex(scale, value);
  if (index === null) return null;
  const lut = lutOf(scale);
  return [lut[4 * index] ?? 0, lut[4 * index + 1] ?? 0, lut[4 * index + 2] ?? 0];
}

export function cssColor([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** A CSS gradient along a scale, with as many stops as a legend can show. */
export function cssGradient(scale: ColorScale, direction: 'to right' | 'to top', stops = 33): string {
  const lut = lutOf(scale);
  const first = scale.kind === 'diverging' ? 1 : 0; // entry 0 repeats entry 1 there
  const colors = Array.from({ length: stops }, (_, stop) => {
    const index = Math.round(first + (stop / (stops - 1)) * (LUT_SIZE - 1 - first));
    return cssColor([lut[4 * index] ?? 0, lut[4 * index + 1] ?? 0, lut[4 * index + 2] ?? 0]);
  });
  return `linear-gradient(${direction}, ${colors.join(', ')})`;
}
