/**
 * A sampled function with jumps, cut into pieces for drawing: between two samples a jump is no slope.
 */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

export interface StepCurve {
  /** Drawn as lines; a piece of one point is a value of its own, as q(0) = 0 of a three-level sign. */
  readonly pieces: readonly (readonly CurvePoint[])[];
  /** From the value before to the value after, half-way between the two samples. */
  readonly jumps: readonly { readonly x: number; readonly from: number; readonly to: number }[];
}

/** A stretch of x. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** A smaller change than this share of the range is a slope, however steep. */
const SMALLEST_JUMP = 0.05;
/** How much larger than the changes about it a jump is. */
const STANDS_OUT = 4;

/**
 * A change between two samples is a jump where it is more than a twentieth of the range and more than four times as large as at least
 * three of the four changes nearest to it. A slope has neighbours like itself; two jumps in a row, about one sample, still have three.
 */
export function stepCurve(x: ArrayLike<number>, y: ArrayLike<number>): StepCurve {
  const count = Math.min(x.length, y.length);
  const change = (i: number): number => (i < 0 || i + 1 >= count ? 0 : Math.abs((y[i + 1] ?? 0) - (y[i] ?? 0)));
  const [least, most] = extentOf(y, count);
  const isJump = (i: number): boolean => {
    const size = change(i);
    if (size <= SMALLEST_JUMP * (most - least)) return false;
    return [-2, -1, 1, 2].filter((step) => STANDS_OUT * change(i + step) < size).length >= 3;
  };

  const pieces: CurvePoint[][] = [];
  const jumps: { x: number; from: number; to: number }[] = [];
  let piece: CurvePoint[] = [];
  for (let i = 0; i < count; i += 1) {
    const point = { x: x[i] ?? 0, y: y[i] ?? 0 };
    const next = { x: x[i + 1] ?? 0, y: y[i + 1] ?? 0 };
    piece.push(point);
    if (i + 1 < count && !isJump(i)) continue;
    const isLast = i + 1 === count;
    const middle = (point.x + next.x) / 2;
    // A plateau goes on to the jump; a lone value stays a point, and a slope ends where it was last seen.
    if (!isLast && isFlatEnd(piece)) piece.push({ x: middle, y: point.y });
    pieces.push(piece);
    if (isLast) break;
    jumps.push({ x: middle, from: point.y, to: next.y });
    piece = i + 2 < count && !isJump(i + 1) && next.y === y[i + 2] ? [{ x: middle, y: next.y }] : [];
  }
  return { pieces, jumps };
}

/**
 * Where a sampled function is not 0: the stretches of samples that are not, each from its first sample to its last.
 */
export function whereNotZero(x: ArrayLike<number>, y: ArrayLike<number>): readonly Interval[] {
  const intervals: Interval[] = [];
  let lower: number | null = null;
  for (let i = 0; i <= x.length; i += 1) {
    const isIn = i < x.length && (y[i] ?? 0) !== 0;
    if (isIn && lower === null) lower = x[i] ?? 0;
    if (!isIn && lower !== null) {
      intervals.push({ lower, upper: x[i - 1] ?? lower });
      lower = null;
    }
  }
  return intervals;
}

/** The sample nearest to a value; `x` ascends. 0 for no samples. */
export function nearestSample(x: ArrayLike<number>, value: number): number {
  let nearest = 0;
  for (let i = 1; i < x.length; i += 1) {
    if (Math.abs((x[i] ?? 0) - value) < Math.abs((x[nearest] ?? 0) - value)) nearest = i;
  }
  return nearest;
}

function isFlatEnd(piece: readonly CurvePoint[]): boolean {
  const last = piece.at(-1);
  const before = piece.at(-2);
  return last !== undefined && before !== undefined && last.y === before.y;
}

function extentOf(values: ArrayLike<number>, count: number): readonly [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < count; i += 1) {
    least = Math.min(least, values[i] ?? 0);
    most = Math.max(most, values[i] ?? 0);
  }
  return [least, most];
}
