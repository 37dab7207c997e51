/** One computed tensor against its golden: how far apart, and how many signs fell on the other side. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';

export interface Comparison {
  /** The golden's key. */
  readonly key: string;
  readonly kind: 'value' | 'gradient';
  /** max |d|; for a gradient divided by max |golden|. */
  readonly error: number;
  readonly tolerance: number;
  /** Elements at another level than the golden's; `null` for what has no levels. */
  readonly flips: number | null;
  readonly ok: boolean;
}

export interface Tolerances {
  readonly value: number;
  readonly gradient: number;
}

/** Of golden/README.md. */
export const TOLERANCES: Tolerances = { value: 1e-4, gradient: 1e-3 };
/** For a golden of photographs through a whole real model, where rounding adds up block after block. */
export const DEEP_TOLERANCES: Tolerances = { value: 1e-3, gradient: 1e-3 };

/** Gradients this small are rounding noise around 0: relative to less, an error means nothing. */
const SMALLEST_GRADIENT = 1e-7;

/**
 * @param actual row-major, of the golden's shape, or a longer batch whose first images the golden holds
 * @param alpha [H], the step between the levels of a binarized stage; `null` for other stages
 */
export function compareValue(
  key: string,
  actual: Float32Array,
  golden: CheckpointTensor,
  alpha: Float32Array | null,
  tolerances: Tolerances,
): Comparison {
  const error = maxAbsoluteDifference(actual, golden);
  const flips = alpha === null ? null : countFlips(actual, golden, alpha);
  const ok = error <= tolerances.value && (flips ?? 0) === 0;
  return { key, kind: 'value', error, tolerance: tolerances.value, flips, ok };
}

export function compareGradient(
  key: string,
  actual: Float32Array,
  golden: CheckpointTensor,
  tolerances: Tolerances,
): Comparison {
  let largest = SMALLEST_GRADIENT;
  golden.data.forEach((g: number) => (largest = Math.max(largest, Math.abs(g))));
  const error = maxAbsoluteDifference(actual, golden) / largest;
  return {
    key,
    kind: 'gradient',
    error,
    tolerance: tolerances.gradient,
    flips: null,
    ok: error <= tolerances.gradient,
  };
}

/** NaN counts as infinitely far; so does a shorter tensor. */
function maxAbsoluteDifference(actual: Float32Array, { data }: CheckpointTensor): number {
  let max = 0;
  data.forEach((expected: number, i: number) => {
    const difference = Math.abs((actual[i] ?? NaN) - expected);
    max = Number.isNaN(difference) ? Infinity : Math.max(max, difference);
  });
  return max;
}

/** Levels are at least alpha apart: half of it away is another level. Axes [B, H, ...]. */
function countFlips(actual: Float32Array, { data, shape }: CheckpointTensor, alpha: Float32Array): number {
  const elementsPerHead = shape.slice(2).reduce((product, n) => product * n, 1);
  let flips = 0;
  data.forEach((expected: number, i: number) => {
    const head = Math.floor(i / elementsPerHead) % alpha.length;
    if (Math.abs((actual[i] ?? NaN) - expected) > Math.abs(alpha[head] ?? NaN) / 2) flips++;
  });
  return flips;
}
