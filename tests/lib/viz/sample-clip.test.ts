import { describe, expect, it } from 'vitest';
import { sampleClip } from '@/lib/viz/sample-clip';

const SIDE = 28;
const square = (grey: number) =>
  Uint8Array.from({ length: SIDE ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE];
    return row > 8 && row < 20 && column > 8 && column < 20 ? grey : 0;
  });
const PICTURES = [square(255), square(120), square(200)];
const frame = (atMs: number, seed = 7) => {
  const into = new Float32Array(SIDE ** 2);
  sampleClip(PICTURES, SIDE, seed).draw(atMs, into);
  return into;
};
const largest = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));
const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a clip of samples', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(frame(1234)).toEqual(frame(1234));
    expect(largest(frame(1234), frame(1234, 8))).toBeGreaterThan(0.1);
  });

  it('moves, and closes without a jump', () => {
    const { periodMs } = sampleClip(PICTURES, SIDE, 7);
    expect(periodMs).toBe(12_000);
    expect(largest(frame(300), frame(900))).toBeGreaterThan(0.1);
    expect(largest(frame(periodMs + 500), frame(500))).toBeLessThan(1e-4);
    expect(largest(frame(periodMs - 8), frame(8))).toBeLessThan(0.2);
  });

  it('fades from one picture into the next', () => {
    const bright = mean(frame(1000));
    const between = mean(frame(3400));
    const next = mean(frame(5000));
    expect(next).toBeLessThan(bright);
    expect(between).toBeLessThan(bright);
    expect(between).toBeGreaterThan(next);
  });

  it('stays between 0 and 1, also where two pictures lie over one another', () => {
    for (let atMs = 0; atMs < 12_000; atMs += 200) {
      const values = frame(atMs);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...values)).toBeLessThanOrEqual(1);
    }
  });

  it('refuses no pictures, and pictures of another size', () => {
    expect(() => sampleClip([], SIDE, 1)).toThrow(RangeError);
    expect(() => sampleClip([new Uint8Array(9)], SIDE, 1)).toThrow('784 pixels');
  });
});
