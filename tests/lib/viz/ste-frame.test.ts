import { expect, it } from 'vitest';
import { steFrame } from '@/lib/viz/ste-frame';

const box = { left: 40, right: 440, top: 20, bottom: 220 };
const frameOf = (forward: readonly number[], surrogate: readonly number[], counting: 'linear' | 'log' = 'linear') =>
  steFrame({ box, curve: { x: [-1, 0, 1], forward, surrogate }, counts: [1, 9, 99], counting });

it('puts the zeros of both axes on one line', () => {
  const frame = frameOf([-1.3, 1.3, 1.3], [0, 2, 0]);
  expect(frame.placeForward(0)).toBeCloseTo(frame.placeSurrogate(0));
  expect(frame.zero).toBeCloseTo(120);
});

it('keeps the derivative’s top below the forward’s plateau, whatever their units', () => {
  for (const [forward, surrogate] of [
    [0.04, 1],
    [3, 1],
    [1, 2],
  ] as const) {
    const frame = frameOf([0, 0, forward], [0, surrogate, 0]);
    expect(frame.placeSurrogate(surrogate)).toBeGreaterThan(frame.placeForward(forward) + 20);
    expect(frame.placeSurrogate(surrogate)).toBeLessThan(box.bottom);
  }
});

it('survives a forward that is 0 everywhere and a derivative that is, too', () => {
  const frame = frameOf([0, 0, 0], [0, 0, 0]);
  for (const pixel of [frame.placeForward(0), frame.placeSurrogate(0), frame.zero]) expect(pixel).toBe(box.bottom);
});

it('stands the highest bar at half the height, and lifts small ones on a log scale', () => {
  const linear = frameOf([0, 0, 1], [1, 1, 1]);
  const log = frameOf([0, 0, 1], [1, 1, 1], 'log');
  expect(linear.placeCount(99)).toBeCloseTo(120);
  expect(log.placeCount(99)).toBeCloseTo(120);
  expect(log.placeCount(9)).toBeCloseTo(170);
  expect(linear.placeCount(9)).toBeGreaterThan(log.placeCount(9));
  expect(linear.placeCount(0)).toBe(box.bottom);
});

it('finds the x under a pixel', () => {
  const frame = frameOf([0, 0, 1], [1, 1, 1]);
  expect(frame.valueOfX(frame.placeX(0.25))).toBeCloseTo(0.25);
});
