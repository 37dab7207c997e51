import { at } from '@/lib/math/number-row';

/** A seeded stream of random numbers; the same seed gives the same stream on every platform. */
export interface Rng {
  /** Uniform in [0, 1), on a grid of 2^-32. */
  uniform(): number;
  /** Standard normal: mean 0, variance 1. */
  normal(): number;
  /** Uniform among 0 ... bound - 1. Throws RangeError unless 1 <= bound <= 2^32 is an integer. */
  integer(bound: number): number;
  /** A new array with the same elements in random order (Fisher-Yates); the argument is left as it is. */
  shuffle<T>(items: readonly T[]): T[];
}

const words = 2 ** 32;

/**
 * Small fast counting generator on three 32-bit words and a counter (sfc32; Chris Doty-Humphrey, PractRand 2010).
 * Reproducible and good enough for seeds, minibatches and demonstrations; never for secrets.
 *
 * The seed goes into one word and the counter starts at 1; twelve discarded draws mix the state, as its author
 * prescribes for seeding.
 *
 * @param seed any integer; only its low 32 bits count
 */
export function createRng(seed: number): Rng {
  if (!Number.isInteger(seed)) throw new RangeError(`a seed is an integer, got ${seed}`);
  let a = 0;
  let b = seed | 0;
  let c = 0;
  let counter = 1;
  let spare: number | null = null;

  function word(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  for (let i = 0; i < 12; i++) word();

  const rng: Rng = {
    uniform: () => word() / words,

    // Marsaglia's polar method yields two independent values at a time; the second waits in `spare`.
    normal() {
      if (spare !== null) {
        const value = spare;
        spare = null;
        return value;
      }
      for (;;) {
        const x = 2 * rng.uniform() - 1;
        const y = 2 * rng.uniform() - 1;
        const square = x * x + y * y;
        if (square === 0 || square >= 1) continue;
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        spare = y * factor;
        return x * factor;
      }
    },

    // Draws beyond the last whole multiple of the bound are thrown away: a bare remainder favours small results.
    integer(bound) {
      if (!Number.isInteger(bound) || bound < 1 || bound > words) {
        throw new RangeError(`a bound is an integer from 1 to 2^32, got ${bound}`);
      }
      const limit = words - (words % bound);
      let draw = word();
      while (draw >= limit) draw = word();
      return draw % bound;
    },

    shuffle<T>(items: readonly T[]): T[] {
      const keys = Uint32Array.from(items, (_, i) => i);
      for (let i = keys.length - 1; i > 0; i--) {
        const j = rng.integer(i + 1);
        const held = at(keys, i);
        keys[i] = at(keys, j);
        keys[j] = held;
      }
      return Array.from(keys, (key) => items[key] as T); // every key is below items.length
    },
  };
  return rng;
}
