import { ticks } from 'd3-array';
import { scaleRange, type ColorScale } from '@/lib/viz/color-scale';
import { formatNumber, formatSigned } from '@/lib/viz/format';

export interface LegendTick {
  readonly value: number;
  /** 0 at the lower end of the legend, 1 at the upper. */
  readonly position: number;
  readonly label: string;
}

/** How near to an end a round number may come before their labels collide, as a share of the legend. */
const CLEARANCE = 0.3;
const COUNT = 3;

/**
 * Both ends, exactly as they are, and round numbers between them; 0 for a diverging scale in any case.
 * A scale of no width has one tick.
 */
export function legendTicks(scale: ColorScale): readonly LegendTick[] {
  const [min, max] = scaleRange(scale);
  if (!(max > min))
    return [{ value: min, position: scale.kind === 'diverging' ? 0.5 : 0, label: formatNumber(min, 2) }];
  const place = (value: number) => (value - min) / (max - min);
  const isClear = (value: number) => Math.min(place(value), 1 - place(value)) > CLEARANCE;
  const inner = scale.kind === 'diverging' ? [0] : ticks(min, max, COUNT).filter(isClear);
  return [min, ...inner, max].map((value) => ({ value, position: place(value), label: labelOf(scale, value) }));
}

function labelOf(scale: ColorScale, value: number): string {
  const text = formatNumber(value, 2);
  return scale.kind === 'diverging' && value > 0 ? `+${text}` : text;
}

/** A value as it is read out on its scale: differences with their sign. */
export function formatOnScale(scale: ColorScale, value: number | null | undefined, significantDigits = 3): string {
  return scale.kind === 'diverging' ? formatSigned(value, 3) : formatNumber(value, significantDigits);
}
