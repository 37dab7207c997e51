import { describe, expect, it } from 'vitest';
import { biRealSign } from '@/lib/quantizers/bi-real-sign';
import { elastic } from '@/lib/quantizers/elastic';
import { sampleCurve, type Curve } from '@/lib/quantizers/sample-curve';

const ELASTIC: Curve = {
  forward: (p) => elastic.forward(p, { alpha: 0.3 }),
  surrogate: (p) => elastic.surrogate(p, { alpha: 0.3 }),
};

/** Places where neighbouring samples differ, and how far apart those are. */
function jumps(x: Float32Array, y: Float32Array): readonly (readonly [at: number, gap: number])[] {
  return [...y].flatMap((value, i) => {
    const [before, here, last] = [x[i - 1] ?? NaN, x[i] ?? NaN, y[i - 1]];
    return last === undefined || last === value ? [] : [[here, here - before] as const];
  });
}

describe('a sampled curve', () => {
  it('has even samples, ends included, in ascending order, and the values of the functions at them', () => {
    const { x, forward, surrogate } = sampleCurve(ELASTIC, [-0.1, 1], 101);
    expect([x[0], x.at(-1)]).toEqual([Math.fround(-0.1), 1]);
    for (let i = 1; i < x.length; i++) expect(Number(x[i])).toBeGreaterThan(Number(x[i - 1]));
    x.forEach((value, i) => {
      expect(forward[i]).toBe(Math.fround(ELASTIC.forward(value)));
      expect(surrogate[i]).toBe(ELASTIC.surrogate(value));
    });
    for (let i = 0; i <= 100; i++) expect(x).toContain(Math.fround(-0.1 + (1.1 * i) / 100));
  });

  it('has a jump between neighbouring numbers, where it is, however coarse the samples', () => {
    for (const points of [7, 100, 501]) {
      const { x, forward, surrogate } = sampleCurve(ELASTIC, [-0.1, 1], points);
      const [up] = jumps(x, forward);
      expect(jumps(x, forward)).toHaveLength(1);
      expect(up?.[0]).toBeCloseTo(0.15, 6);
      expect(up?.[1]).toBeLessThan(1e-7);
      const [opens, closes] = jumps(x, surrogate);
      expect([opens?.[0], closes?.[0]].map((at) => at?.toFixed(6))).toEqual(['0.000000', '0.300000']);
      for (const gap of [opens?.[1], closes?.[1]]) expect(gap).toBeLessThan(1e-7);
    }
  });

  it('adds nothing where a function is only steep', () => {
    const smooth: Curve = {
      forward: (x) => Math.tanh(50 * x),
      surrogate: (x) => biRealSign.surrogate(x, { signOfZero: 1 }),
    };
    expect(sampleCurve(smooth, [-2, 2], 501).x).toHaveLength(501);
    const sign: Curve = { ...smooth, forward: (x) => biRealSign.forward(x, { signOfZero: 1 }) };
    const { x } = sampleCurve(sign, [-2, 1.9], 501);
    expect(x.length).toBeGreaterThan(501);
    expect(x.length).toBeLessThanOrEqual(503);
    expect(x).toContain(0);
  });

  it('copes with constants, and refuses what is no range', () => {
    const flat: Curve = { forward: () => 2, surrogate: () => 0 };
    expect(sampleCurve(flat, [0, 1], 5).x).toHaveLength(5);
    for (const range of [
      [1, 1],
      [1, 0],
      [NaN, 1],
      [0, Infinity],
    ] as const)
      expect(() => sampleCurve(flat, range, 5)).toThrow(RangeError);
    expect(() => sampleCurve(flat, [0, 1], 1)).toThrow(RangeError);
  });
});
