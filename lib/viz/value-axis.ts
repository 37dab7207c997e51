import { nice, ticks } from 'd3-array';
import { formatNumber, formatPowerOfTen } from '@/lib/viz/format';

/** How values become heights. `linear-auto` takes its ends from the values, rounded outwards. */
export type ValueScale =
  | { readonly kind: 'linear'; readonly min: number; readonly max: number }
  | { readonly kind: 'linear-auto' }
  | { readonly kind: 'log' };

export interface AxisTick {
  readonly at: number;
  readonly label: string;
}

export interface ValueAxis {
  /** Where a value stands between the ends of `domain`; `null` for what cannot be drawn: a gap. */
  readonly place: (value: number | null | undefined) => number | null;
  readonly domain: readonly [number, number];
  readonly ticks: readonly AxisTick[];
  /** Where true zeros stand on a log axis, below its smallest decade; `null` where there are none (or no need). */
  readonly zeroAt: number | null;
}

const MOST_DECADES = 5;
const TICK_COUNT = 4;

/** The axis for these values; of all series at once, so that it stays when one is hidden. */
export function valueAxis(scale: ValueScale, values: readonly (number | null)[]): ValueAxis {
  const finite = values.filter((value) => value !== null && Number.isFinite(value)) as readonly number[];
  switch (scale.kind) {
    case 'linear':
      return linearAxis(scale.min, scale.max);
    case 'linear-auto': {
      const [least, greatest] = extent(finite) ?? [0, 1];
      const [low, high] = least === greatest ? [least - 0.5, greatest + 0.5] : [least, greatest];
      const [from, to] = nice(low, high, TICK_COUNT);
      return linearAxis(from, to);
    }
    case 'log':
      return logAxis(finite);
    default:
      return scale satisfies never;
  }
}

function linearAxis(min: number, max: number): ValueAxis {
  return {
    place: (value) => (value !== null && value !== undefined && Number.isFinite(value) ? value : null),
    domain: [min, max],
    ticks: ticks(min, max, TICK_COUNT).map((at) => ({ at, label: formatNumber(at) })),
    zeroAt: null,
  };
}

/** Heights are exponents of ten. Zero has none, so it gets a line of its own below the lowest decade. */
function logAxis(values: readonly number[]): ValueAxis {
  const [least, greatest] = extent(values.filter((value) => value > 0)) ?? [1, 1];
  const low = Math.floor(Math.log10(least));
  const high = Math.max(low + 1, Math.ceil(Math.log10(greatest)));
  const zeroAt = values.includes(0) ? low - Math.max(0.4, 0.16 * (high - low)) : null;
  const step = Math.ceil((high - low) / MOST_DECADES);
  const decades = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step);
  return {
    place: (value) => {
      if (value === null || value === undefined || !Number.isFinite(value) || value < 0) return null;
      return value === 0 ? zeroAt : Math.log10(value);
    },
    // A little more below, so that the line of zeros is not taken for the axis.
    domain: [zeroAt === null ? low : zeroAt - 0.35 * (low - zeroAt), high],
    ticks: [
      ...(zeroAt === null ? [] : [{ at: zeroAt, label: '0' }]),
      ...decades.map((exponent) => ({ at: exponent, label: formatPowerOfTen(exponent) })),
    ],
    zeroAt,
  };
}

function extent(values: readonly number[]): readonly [number, number] | null {
  if (values.length === 0) return null;
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}
