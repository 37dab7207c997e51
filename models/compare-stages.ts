/** A computed tensor against its golden: the error, and the number of flipped signs. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';

/** Row-major. */
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
  /** Elements whose level differs from the golden's; `null` for a stage without levels. */
  readonly flips: number | null;
  readonly ok: boolean;
}

interface Tolerances {
  readonly value: number;
  readonly gradient: number;
}

/** Of golden/README.md. */
export const TOLERANCES: Tolerances = { value: 1e-4, gradient: 1e-3 };
/** For a golden of photographs through a whole real model, where rounding errors add up over the blocks. */
export const DEEP_TOLERANCES: Tolerances = { value: 1e-3, gradient: 1e-3 };

/** Smaller gradients are rounding noise, to which no error can be relative. */
const SMALLEST_GRADIENT = 1e-7;

/**
 * Compares the images that both have: a golden may keep a stage of the first image only.
 *
 * @param alpha [H], the step between the levels of a binarized stage; `null` for other stages
 */
export function compareValue(
  key: string,
  actual: Computed,
  golden: CheckpointTensor,
  alpha: Float32Array | null,
  { value: tolerance }: Tolerances,
): Comparison {
  const error = maxAbsoluteDifference(actual, golden);
  const flips = alpha && countFlips(actual, golden, alpha);
  return { key, kind: 'value', error, tolerance, flips, ok: error <= tolerance && (flips ?? 0) === 0 };
}

export function compareGradient(
  key: string,
  actual: Computed,
  golden: CheckpointTensor,
  { gradient: tolerance }: Tolerances,
): Comparison {
  let largest = SMALLEST_GRADIENT;
  golden.data.forEach((g: number) => (largest = Math.max(largest, Math.abs(g))));
  const sameBatch = actual.shape[0] === golden.shape[0];
  const error = sameBatch ? maxAbsoluteDifference(actual, golden) / largest : Infinity;
  return { key, kind: 'gradient', error, tolerance, flips: null, ok: error <= tolerance };
}

/** Infinity for NaN or another shape. */
function maxAbsoluteDifference(actual: Computed, golden: CheckpointTensor): number {
  if (!sameImageShape(actual.shape, golden.shape)) return Infinity;
  let max = 0;
  for (let i = 0; i < Math.min(actual.data.length, golden.data.length); i++) {
    const difference = Math.abs((actual.data[i] ?? NaN) - (golden.data[i] ?? NaN));
    max = Number.isNaN(difference) ? Infinity : Math.max(max, difference);
  }
  return max;
}

/** Whether all axes but the batch are equal. */
function sameImageShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, axis) => axis === 0 || n === b[axis]);
}

/** Levels are at least alpha apart, so more than half of it is another level. Axes [B, H, ...]. */
function countFlips(actual: Computed, golden: CheckpointTensor, alpha: Float32Array): number {
  const elementsPerHead = golden.shape.slice(2).reduce((product, n) => product * n, 1);
  let flips = 0;
  for (let i = 0; i < Math.min(actual.data.length, golden.data.length); i++) {
    const step = Math.abs(alpha[Math.floor(i / elementsPerHead) % alpha.length] ?? NaN);
    if (Math.abs((actual.data[i] ?? NaN) - (golden.data[i] ?? NaN)) > step / 2) flips++;
  }
  return flips;
}
