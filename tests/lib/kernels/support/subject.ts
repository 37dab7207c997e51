/** What a property of the kernels is asked of, and how results are read and compared; runs in Node and in a browser's page. */
import fc from 'fast-check';
import { tf, type BackendName } from '@/lib/tf';

export interface Subject {
  readonly backend: BackendName;
  /** Whether the backend has kernels, or computes unpacked. */
  readonly packed: boolean;
  /** The backend whose float path is the definition. A GPU's own division is not that of IEEE 754, which the kernels keep to. */
  readonly floats: BackendName;
  /**
   * Of results after scales, relative; 0: to the last bit. Where there is one, a subnormal result may be 0. Integers are exact everywhere: one off by 1 would stand out, as none here
   * is above 100,000.
   */
  readonly tolerance: number;
  /** Whether the float path compares subnormal numbers rightly. One on WebGL takes the same number for 0 here and not there. */
  readonly subnormals: boolean;
  /** Whether NaN packs as -1 for certain. */
  readonly knowsNaN: boolean;
  /** Of fast-check, for each property. */
  readonly numRuns: number;
}

/** What fast-check prints of a counterexample: the numbers it was made of, and no functions. */
export function described<T extends object>(made: T, from: object): T {
  return Object.assign(made, { [fc.toStringMethod]: () => JSON.stringify(from) });
}

/** With what fast-check hides in its cause. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${messageOf(error.cause)}`;
}

/** In Node, where all is IEEE 754. */
export function inNode(backend: 'cpu' | 'wasm', packed: boolean): Subject {
  return { backend, packed, floats: backend, tolerance: 0, subnormals: true, knowsNaN: true, numRuns: 40 };
}

export function require(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export interface Values {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** What `f` makes on a backend that has been started; its tensors are gone afterwards. */
export async function valuesOn(backend: BackendName, f: () => tf.Tensor): Promise<Values> {
  await tf.setBackend(backend);
  const y = tf.tidy(f);
  const values = await y.data();
  const { shape } = y;
  y.dispose();
  return { shape, values };
}

/** Zeros compare equal whatever their sign, and NaN to NaN. @throws Error naming the first element that differs */
export function requireSame(actual: Values, expected: Values, tolerance = 0): void {
  const [shape, wantedShape] = [actual.shape.join(' x '), expected.shape.join(' x ')];
  require(shape === wantedShape, `the shape is ${shape}, expected ${wantedShape}`);
  for (let i = 0; i < expected.values.length; i++) {
    const [value, wanted] = [actual.values[i] ?? NaN, expected.values[i] ?? NaN];
    if (value === wanted || (Number.isNaN(value) && Number.isNaN(wanted))) continue;
    const margin = tolerance === 0 ? 0 : Math.max(tolerance * Math.abs(wanted), 2 ** -126);
    require(Math.abs(value - wanted) <= margin, `element ${i} is ${value}, expected ${wanted}`);
  }
}

/** @throws Error unless `f` throws what the pattern matches */
export function requireThrows(f: () => unknown, pattern: RegExp): void {
  try {
    tf.tidy(() => void f());
  } catch (error) {
    const message = messageOf(error);
    require(pattern.test(message), `it throws "${message}", which ${String(pattern)} does not match`);
    return;
  }
  throw new Error(`nothing is thrown where ${String(pattern)} was expected`);
}
