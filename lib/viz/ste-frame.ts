/**
 * Where things stand in the plot of a quantizer: forward on a left axis, surrogate derivative on a right one, counts from the floor.
 *
 * The zeros of both axes lie on one line, so that 0 is 0 whichever line one follows. The derivative's top stays below the forward's, so that
 * a plateau of one never hides that of the other.
 */
import { max, min } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { formatNumber } from '@/lib/viz/format';

export interface FrameBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface FrameTick {
  readonly at: number;
  readonly label: string;
}

/** All in pixels. */
export interface SteFrame {
  readonly placeX: (x: number) => number;
  readonly placeForward: (value: number) => number;
  readonly placeSurrogate: (value: number) => number;
  /** Top of a bar that stands on the floor. */
  readonly placeCount: (count: number) => number;
  readonly valueOfX: (pixel: number) => number;
  readonly zero: number;
  readonly ticksX: readonly FrameTick[];
  readonly ticksForward: readonly FrameTick[];
  readonly ticksSurrogate: readonly FrameTick[];
}

export interface SteFrameOptions {
  readonly box: FrameBox;
  readonly curve: {
    readonly x: ArrayLike<number>;
    readonly forward: ArrayLike<number>;
    readonly surrogate: ArrayLike<number>;
  };
  readonly counts: readonly number[];
  /** Counts by their logarithm: where nearly all inputs fall into one bar, the others would vanish beside it. */
  readonly counting: 'linear' | 'log';
}

/** Air above the highest plateau and, where there is anything below 0, beneath the lowest. */
const AIR = 0.12;
/** How far up between zero and the forward's top the derivative's largest value stands. */
const SURROGATE_SHARE = 0.72;
/** Largest share of the height that bars take. */
const BAR_SHARE = 0.5;
const PIXELS_PER_TICK = 72;

export function steFrame({ box, curve, counts, counting }: SteFrameOptions): SteFrame {
  const [from, to] = spanOf(Array.from(curve.x));
  const [lowest, highest] = spanOf([0, ...Array.from(curve.forward)]);
  const reach = highest - lowest;
  const x = scaleLinear([from, to], [box.left, box.right]);
  const forward = scaleLinear([lowest < 0 ? lowest - AIR * reach : 0, highest + AIR * reach], [box.bottom, box.top]);
  const zero = forward(0);

  const steepest = max(Array.from(curve.surrogate)) ?? 0;
  const top = steepest > 0 ? steepest : 1;
  // A forward that is nowhere above 0 leaves no room there; then the derivative takes the whole height.
  const peak = highest > 0 ? forward(highest) : box.top;
  const surrogate = scaleLinear([0, top], [zero, zero + SURROGATE_SHARE * (peak - zero)]);

  const most = max(counts) ?? 0;
  const heightOf = (count: number): number => {
    if (most === 0) return 0;
    return counting === 'log' ? Math.log1p(count) / Math.log1p(most) : count / most;
  };
  const tickCount = Math.max(3, Math.round((box.right - box.left) / PIXELS_PER_TICK));
  return {
    placeX: (value) => x(value),
    placeForward: (value) => forward(value),
    placeSurrogate: (value) => surrogate(value),
    placeCount: (count) => box.bottom - BAR_SHARE * (box.bottom - box.top) * heightOf(count),
    valueOfX: (pixel) => x.invert(pixel),
    zero,
    ticksX: x.ticks(tickCount).map((value) => ({ at: x(value), label: formatNumber(value) })),
    ticksForward: forward.ticks(5).map((value) => ({ at: forward(value), label: formatNumber(value) })),
    ticksSurrogate: [0, top / 2, top].map((value) => ({ at: surrogate(value), label: formatNumber(value) })),
  };
}

/** Least and greatest, apart even where all values are alike. */
function spanOf(values: readonly number[]): readonly [number, number] {
  const least = min(values) ?? 0;
  const greatest = max(values) ?? 0;
  return greatest > least ? [least, greatest] : [least, least + 1];
}
