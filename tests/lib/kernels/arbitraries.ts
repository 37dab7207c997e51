/** What the kernels' properties are tried on; runs in Node and in a browser's page. */
import fc from 'fast-check';
import { createRng } from '@/lib/math/rng';

/** Values that a sign, or half of an alpha, is easily wrong about. */
export const AWKWARD = [0, -0, 1e-45, -1e-45, 0.25, 0.5, 1, -1, Infinity, -Infinity] as const;

/** Those that are no subnormal numbers. */
export const AWKWARD_NORMAL: readonly number[] = AWKWARD.filter((x) => x === 0 || Math.abs(x) >= 2 ** -126);

/** Standard normal, every eighth value an awkward one. */
export function activations(length: number, seed: number, awkwardOnes: readonly number[] = AWKWARD): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length }, () => {
    const awkward = awkwardOnes[Math.floor(rng.uniform() * awkwardOnes.length * 8)];
    return awkward ?? rng.normal();
  });
}

/** Sizes on both sides of every edge: words of 32, panels of 8, pairs of rows, tiles of 31 words (992), and on webgpu 32 rows by 32 outputs. */
export const rowCounts = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 19 }) },
  { weight: 1, arbitrary: fc.constantFrom(31, 32, 33, 65) },
);
export const outputCounts = fc.integer({ min: 1, max: 35 });
export const depths = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.constantFrom(31, 32, 33, 64, 191, 192, 197, 768, 991, 992, 993, 1024, 2015),
);
export const seeds = fc.integer({ min: 1, max: 1_000_000 });
