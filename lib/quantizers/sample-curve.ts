/** A quantizer's forward and surrogate derivative for a plot: evenly sampled, with every jump as sharp as float32 allows. */
import { at } from '@/lib/math/number-row';

export interface SampledCurve {
  /** Ascending. */
  readonly x: Float32Array;
  readonly forward: Float32Array;
  readonly surrogate: Float32Array;
}

export interface Curve {
  readonly forward: (x: number) => number;
  readonly surrogate: (x: number) => number;
}

/** A jump changes more than this share of a function's span between two neighbouring float32 numbers. */
const JUMP = 1e-3;

/**
 * @param range lower and upper end, both sampled
 * @param points even samples; each jump between neighbours adds two, its last x before and its first x after
 * @throws RangeError for a range that is not ascending and finite, or fewer than two points
 */
export function sampleCurve(curve: Curve, [lower, upper]: readonly [number, number], points: number): SampledCurve {
  const isRange = Number.isFinite(lower) && Number.isFinite(upper) && Math.fround(lower) < Math.fround(upper);
  if (!isRange || points < 2) throw new RangeError(`a curve of ${points} points between ${lower} and ${upper}`);
  const even = Float32Array.from({ length: points }, (_, i) => lower + ((upper - lower) * i) / (points - 1));
  const isJump = jumpsOf(curve, even);
  const x: number[] = [];
  for (const [i, value] of even.entries()) {
    const before = even[i - 1];
    if (before !== undefined) x.push(...jumpBetween(before, value, isJump));
    if (x.at(-1) !== value) x.push(value);
  }
  return {
    x: Float32Array.from(x),
    forward: Float32Array.from(x, curve.forward),
    surrogate: Float32Array.from(x, curve.surrogate),
  };
}

/** By how much two ends differ, in shares of a function's span; `null` where neither function jumps. */
function jumpsOf({ forward, surrogate }: Curve, samples: Float32Array): (a: number, b: number) => number | null {
  const spans = [forward, surrogate].map((f) => ({ f, span: spanOf(samples.map(f)) }));
  return (a, b) => {
    const changes = spans.map(({ f, span }) => (span > 0 ? Math.abs(f(b) - f(a)) / span : 0));
    const largest = Math.max(...changes);
    return largest > JUMP ? largest : null;
  };
}

/** Halves towards the greater change until no float32 lies between: a jump, unless the change has faded. */
function jumpBetween(
  lower: number,
  upper: number,
  changeOf: (a: number, b: number) => number | null,
): readonly number[] {
  let [a, b] = [lower, upper];
  while (changeOf(a, b) !== null) {
    const middle = Math.fround(a + (b - a) / 2);
    if (middle <= a || middle >= b) return [a, b].filter((end) => end !== lower && end !== upper);
    if ((changeOf(a, middle) ?? 0) >= (changeOf(middle, b) ?? 0)) b = middle;
    else a = middle;
  }
  return [];
}

function spanOf(values: Float32Array): number {
  let [smallest, largest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    smallest = Math.min(smallest, at(values, i));
    largest = Math.max(largest, at(values, i));
  }
  return largest - smallest;
}
