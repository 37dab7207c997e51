/**
 * A moving picture made of still ones: each drifts, turns and breathes for a few seconds and fades into the next, round and round.
 * Nothing is filmed and no file is needed; the seed decides the movements.
 */
import { createRng } from '@/lib/math/rng';

export interface SampleClip {
  /** Until it begins again, without a jump. */
  readonly periodMs: number;
  /** Draws the frame of that moment. @param into [channels, side, side], 0..1 */
  readonly draw: (atMs: number, into: Float32Array) => void;
}

/** How long one picture stays, of which the last part is the way to the next. */
const STAY_MS = 4000;
const FADE_MS = 1200;

/** Largest drift as a share of the side, turn in radians, and share by which the picture grows and shrinks. */
const DRIFT = 3.5 / 28;
const TURN = 0.32;
const ZOOM = 0.16;

/** A sine with a whole number of turns in the period, so that it closes. */
interface Swing {
  readonly turns: number;
  readonly phase: number;
}

interface Movement {
  readonly x: Swing;
  readonly y: Swing;
  readonly turn: Swing;
  readonly zoom: Swing;
}

/**
 * @param pictures [channels, side, side] each, bytes on a background of 0; all with as many channels
 * @param side in pixels
 * @throws RangeError without pictures, or for one of another size
 */
export function sampleClip(pictures: readonly ArrayLike<number>[], side: number, seed: number): SampleClip {
  if (pictures.length === 0) throw new RangeError('a clip needs at least one picture');
  const area = side ** 2;
  const channels = (pictures[0]?.length ?? 0) / area;
  for (const { length } of pictures) {
    if (channels < 1 || length !== channels * area)
      throw new RangeError(`pictures of ${area} pixels expected, got ${length}`);
  }
  const rng = createRng(seed);
  const periodMs = STAY_MS * pictures.length;
  // Half as many to as many as there are pictures: four to eight seconds each.
  const half = Math.ceil(pictures.length / 2);
  const swing = (): Swing => ({ turns: half + rng.integer(half + 1), phase: 2 * Math.PI * rng.uniform() });
  const movements = pictures.map((): Movement => ({ x: swing(), y: swing(), turn: swing(), zoom: swing() }));

  return {
    periodMs,
    draw: (atMs, into) => {
      const moment = ((atMs % periodMs) + periodMs) % periodMs;
      const at = ({ turns, phase }: Swing): number => Math.sin((2 * Math.PI * turns * moment) / periodMs + phase);
      into.fill(0);
      const index = Math.floor(moment / STAY_MS);
      const faded = smooth((moment - index * STAY_MS - (STAY_MS - FADE_MS)) / FADE_MS);
      add(index, 1 - faded);
      if (faded > 0) add((index + 1) % pictures.length, faded);

      function add(which: number, weight: number): void {
        const picture = pictures[which];
        const movement = movements[which];
        if (picture === undefined || movement === undefined) return;
        const placement = {
          x: DRIFT * side * at(movement.x),
          y: DRIFT * side * at(movement.y),
          angle: TURN * at(movement.turn),
          scale: 1 + ZOOM * at(movement.zoom),
        };
        for (let channel = 0; channel < channels; channel++)
          addTurned(picture, channel * area, side, into, weight, placement);
      }
    },
  };
}

interface Placement {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly scale: number;
}

/** into += weight * picture, moved, turned and scaled about its centre; bilinear, 0 outside. */
function addTurned(
  picture: ArrayLike<number>,
  offset: number,
  side: number,
  into: Float32Array,
  weight: number,
  { x, y, angle, scale }: Placement,
): void {
  const centre = (side - 1) / 2;
  const cos = Math.cos(angle) / scale;
  const sin = Math.sin(angle) / scale;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const dx = column - centre - x;
      const dy = row - centre - y;
      const value = bilinear(picture, offset, side, centre + cos * dx + sin * dy, centre - sin * dx + cos * dy);
      const i = offset + row * side + column;
      into[i] = Math.min(1, (into[i] ?? 0) + (weight * value) / 255);
    }
  }
}

function bilinear(picture: ArrayLike<number>, offset: number, side: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const pixel = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= side || row >= side ? 0 : (picture[offset + row * side + column] ?? 0);
  const fx = x - left;
  const upper = (1 - fx) * pixel(left, top) + fx * pixel(left + 1, top);
  const lower = (1 - fx) * pixel(left, top + 1) + fx * pixel(left + 1, top + 1);
  return upper + (y - top) * (lower - upper);
}

/** 3t² - 2t³ of t clamped to 0..1. */
function smooth(t: number): number {
  const clamped = Math.min(1, Math.max(0, t));
  return clamped * clamped * (3 - 2 * clamped);
}
