/** One computed tensor against its golden: how far apart, and how many signs fell on the other side. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';

/** What the model gave, row-major. */
export interface Computed {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

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
 * Compares as many images as both hold: a golden may keep a stage of the first image only, and a part may be fed with that alone.
 *
 * @param alpha [H], the step between the levels of a binarized stage; `null` for other stages
 */
export function compareValue(
  key: string,
  actual: Computed,
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
  actual: Computed,
  golden: CheckpointTensor,
  tolerances: Tolerances,
): Comparison {
  let largest = SMALLEST_GRADIENT;
  golden.data.forEach((g: number) => (largest = Math.max(largest, Math.abs(g))));
  const sameBatch = actual.shape[0] === golden.shape[0];
  const error = sameBatch ? maxAbsoluteDifference(actual, golden) / largest : Infinity;
  return {
    key,
    kind: 'gradient',
    error,
    tolerance: tolerances.gradient,
    flips: null,
    ok: error <= tolerances.gradient,
  };
}

/** NaN counts as infinitely far, and so does another shape. */
function maxAbsoluteDifference(actual: Computed, golden: CheckpointTensor): number {
  if (!sameImageShape(actual.shape, golden.shape)) return Infinity;
  let max = 0;
  for (let i = 0; i < Math.min(actual.data.length, golden.data.length); i++) {
    const difference = Math.abs((actual.data[i] ?? NaN) - (golden.data[i] ?? NaN));
    max = Number.isNaN(difference) ? Infinity : Math.max(max, difference);
  }
  return max;
}

/** All axes alike but the first, the batch's. */
function sameImageShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, axis) => axis === 0 || n === b[axis]);
}

/** Levels are at least alpha apart: half of it away is another level. Axes [B, H, ...]. */
function countFlips(actual: Computed, golden: CheckpointTensor, alpha: Float32Array): number {
  const elementsPerHead = golden.shape.slice(2).reduce((product, n) => product * n, 1);
  let flips = 0;
  for (let i = 0; i < Math.min(actual.data.length, golden.data.length); i++) {
    const step = Math.abs(alpha[Math.floor(i / elementsPerHead) % alpha.length] ?? NaN);
    if (Math.abs((actual.data[i] ?? NaN) - (golden.data[i] ?? NaN)) > step / 2) flips++;
  }
  return flips;
}
