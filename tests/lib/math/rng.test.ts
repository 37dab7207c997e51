import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '@/lib/math/rng';
import { mean } from '@/lib/math/mean';
import { variance } from '@/lib/math/variance';

const draws = (count: number, draw: () => number) => Array.from({ length: count }, draw);

/** sfc32 in 64-bit integers, written from its definition and not from the source under test. */
function referenceWords(seed: number, count: number): number[] {
  const mask = 0xffffffffn;
  let [a, b, c, counter] = [0n, BigInt(seed) & mask, 0n, 1n];
  const step = () => {
    const output = (a + b + counter) & mask;
    counter = (counter + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = ((((c << 21n) | (c >> 11n)) & mask) + output) & mask;
    return Number(output);
  };
  for (let i = 0; i < 12; i++) step();
  return draws(count, step);
}

describe('createRng', () => {
  test('is sfc32: its words equal those of the definition in wide integers', () => {
    for (const seed of [0, 1, 42, -7, 2 ** 31 + 5]) {
      const rng = createRng(seed);
      expect(draws(200, () => rng.uniform() * 2 ** 32)).toEqual(referenceWords(seed, 200));
    }
  });

  test('repeats its stream for the same seed and gives another for another', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [a, b, other] = [createRng(seed), createRng(seed), createRng(seed + 1)];
        const stream = draws(20, a.normal);
        expect(draws(20, b.normal)).toEqual(stream);
        expect(draws(20, other.normal)).not.toEqual(stream);
      }),
    );
  });

  test('refuses a seed that is no integer', () => {
    for (const seed of [0.5, NaN, Infinity]) expect(() => createRng(seed)).toThrow(RangeError);
  });

  test('uniform lies in [0, 1) with the mean and variance of a uniform distribution', () => {
    const row = draws(50_000, createRng(1).uniform);
    expect(row.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(mean(row)).toBeCloseTo(0.5, 2);
    expect(variance(row)).toBeCloseTo(1 / 12, 2);
  });

  test('normal has mean 0, variance 1, kurtosis 3 and no correlation from one draw to the next', () => {
    const row = draws(50_000, createRng(2).normal);
    expect(Math.abs(Number(mean(row)))).toBeLessThan(0.02);
    expect(Math.abs(Number(variance(row)) - 1)).toBeLessThan(0.03);
    expect(Math.abs(Number(mean(row.map((value) => value ** 4))) - 3)).toBeLessThan(0.2);
    expect(Math.abs(Number(mean(row.slice(1).map((value, i) => value * Number(row[i])))))).toBeLessThan(0.02);
  });

  test('integer favours none of its results', () => {
    const rng = createRng(3);
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 70_000; i++) {
      const draw = rng.integer(7);
      counts[draw] = Number(counts[draw]) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400); // over four standard deviations
  });

  test('integer refuses bounds that are no positive whole number up to 2^32', () => {
    for (const bound of [0, -1, 1.5, NaN, 2 ** 32 + 1]) expect(() => createRng(1).integer(bound)).toThrow(RangeError);
    expect(createRng(1).integer(1)).toBe(0);
  });

  test('shuffle keeps the elements, leaves its argument alone, and repeats for the same seed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const before = [...items];
        const shuffled = createRng(seed).shuffle(items);
        expect(items).toEqual(before);
        expect([...shuffled].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
        expect(createRng(seed).shuffle(items)).toEqual(shuffled);
      }),
    );
  });

  test('shuffle brings every element to every place about equally often', () => {
    const rng = createRng(4);
    const sums = [0, 0, 0, 0, 0];
    for (let i = 0; i < 20_000; i++) {
      rng.shuffle([0, 1, 2, 3, 4]).forEach((item, place) => (sums[item] = Number(sums[item]) + place));
    }
    for (const sum of sums) expect(Math.abs(sum / 20_000 - 2)).toBeLessThan(0.05);
  });
});
