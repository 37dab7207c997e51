/** The three scales of a group superposition, jointly by least squares. */
import { at, matrixRow, type NumberRow } from '@/lib/math/number-row';

/** Shares of a row's largest entry from which on the second and the third map are on. */
export const HIGH = 0.7;
export const HIGHEST = 0.9;

export interface SuperpositionFit {
  readonly a1: number;
  readonly a2: number;
  readonly a3: number;
  /** sum (p - p^)^2 at these. */
  readonly loss: number;
}

/** What the normal equations need of one choice of entries for the first map. */
interface Cut {
  /** Entries that are on in the first map, the largest ones. */
  readonly on: number;
  readonly sum: number;
  /** How many of those are on in the second and the third map. */
  readonly onHigh: number;
  readonly onHighest: number;
  /** a1 that keep exactly these on. */
  readonly lower: number;
  readonly upper: number;
}

/** The same for every cut: the second and the third map, and p . p. */
interface Lifts {
  readonly high: number;
  readonly highest: number;
  readonly sumHigh: number;
  readonly sumHighest: number;
  readonly sumOfSquares: number;
}

/**
 * argmin over a1, a2, a3 >= 0 of sum (p - a1 [p > a1/2] - a2 [p > 0.7 max] - a3 [p > 0.9 max])^2, max of each row.
 *
 * Only a1 moves an entry in or out of a map, and only where it passes twice an entry of the head. Between two such values the loss is a
 * quadratic form: a1 solves the 3 x 3 normal equations with the other two, or is the nearer border while those solve the rest. A column
 * that would get a negative scale, or depends on the others (no entry is on, or the same ones), is dropped: its scale is 0. Every subset of the second and third column is tried, so the lowest of all is the minimum. O(n log n), n = N^2.
 *
 * @param map non-negative, [rows, keys]: of one picture, or of several in turn
 * @throws RangeError when no entry is positive
 */
export function fitSuperposition(map: NumberRow, keys: number): SuperpositionFit {
  const { values, high, highest } = descending(map, keys);
  const largest = values[0] ?? 0;
  if (!(largest > 0)) throw new RangeError('Scales need a positive entry to fit.');
  const lifts: Lifts = {
    high: high.length,
    highest: highest.length,
    sumHigh: sumOf(high),
    sumHighest: sumOf(highest),
    sumOfSquares: sumOf(values.map((p) => p ** 2)),
  };

  // Without the first map: any scale from twice the largest entry on leaves it empty.
  const empty: Cut = { on: 0, sum: 0, onHigh: 0, onHighest: 0, lower: 2 * largest, upper: 2 * largest };
  let best = bestOfCut(empty, lifts);
  let [sum, onHigh, onHighest] = [0, 0, 0];
  for (let on = 1; on <= values.length; on++) {
    const smallestOn = at(values, on - 1);
    sum += smallestOn;
    const largestOff = values[on] ?? 0;
    if (smallestOn === largestOff) continue; // ties go on together
    while (onHigh < high.length && at(high, onHigh) >= smallestOn) onHigh++;
    while (onHighest < highest.length && at(highest, onHighest) >= smallestOn) onHighest++;
    // Half rounds down to 0, so at twice the smallest entry that entry would be off already.
    const upper = 2 * smallestOn * (1 - Number.EPSILON);
    const found = bestOfCut({ on, sum, onHigh, onHighest, lower: 2 * largestOff, upper }, lifts);
    if (found.loss < best.loss) best = found;
  }
  return best;
}

function bestOfCut(cut: Cut, lifts: Lifts): SuperpositionFit {
  let best: SuperpositionFit = { a1: NaN, a2: NaN, a3: NaN, loss: Infinity };
  for (const useHigh of [false, true]) {
    for (const useHighest of [false, true]) {
      const found = solve(cut, lifts, useHigh, useHighest);
      if (found !== null && found.loss < best.loss) best = found;
    }
  }
  return best;
}

/** The scales of one subset of columns; `null` where they depend on each other, or one would be negative. */
function solve(cut: Cut, lifts: Lifts, useHigh: boolean, useHighest: boolean): SuperpositionFit | null {
  const { on, onHigh, onHighest, sum, lower, upper } = cut;
  // What a2 and a3 are for a given a1 is an affine function of it: a = fixed - a1 moved.
  const fixed = solveLifts(lifts, lifts.sumHigh, lifts.sumHighest, useHigh, useHighest);
  const moved = solveLifts(lifts, onHigh, onHighest, useHigh, useHighest);
  if (fixed === null || moved === null) return null;
  // The first normal equation, with the others put in: (on - g . moved) a1 = sum - g . fixed.
  const curvature = on - onHigh * moved.a2 - onHighest * moved.a3;
  const free = (sum - onHigh * fixed.a2 - onHighest * fixed.a3) / curvature;
  // The first column depends on the lifts: it is not needed (on = 0), or a smaller subset does as well.
  if (on > 0 && !(curvature > 1e-9)) return null;
  const a1 = on === 0 ? lower : Math.min(upper, Math.max(lower, free));
  if (!(a1 > 0)) return null;
  const first = on === 0 ? 0 : a1;
  const a2 = fixed.a2 - first * moved.a2;
  const a3 = fixed.a3 - first * moved.a3;
  if (a2 < 0 || a3 < 0) return null;
  return { a1, a2, a3, loss: lossOf(cut, lifts, first, a2, a3) };
}

/** The 2 x 2 normal equations of the lifts alone; the entries of the third map are among those of the second. */
function solveLifts(
  { high, highest }: Lifts,
  ofHigh: number,
  ofHighest: number,
  useHigh: boolean,
  useHighest: boolean,
): { readonly a2: number; readonly a3: number } | null {
  if ((useHigh && high === 0) || (useHighest && highest === 0)) return null;
  if (!useHigh) return { a2: 0, a3: useHighest ? ofHighest / highest : 0 };
  if (!useHighest) return { a2: ofHigh / high, a3: 0 };
  const between = high - highest;
  if (between === 0) return null;
  const a2 = (ofHigh - ofHighest) / between;
  return { a2, a3: ofHighest / highest - a2 };
}

function lossOf({ on, sum, onHigh, onHighest }: Cut, lifts: Lifts, a1: number, a2: number, a3: number): number {
  const { high, highest, sumHigh, sumHighest, sumOfSquares } = lifts;
  const products = a1 * sum + a2 * sumHigh + a3 * sumHighest;
  const squares = a1 ** 2 * on + a2 ** 2 * high + a3 ** 2 * highest;
  const crossed = a1 * a2 * onHigh + a1 * a3 * onHighest + a2 * a3 * highest;
  return sumOfSquares - 2 * products + squares + 2 * crossed;
}

/** All entries, and those in the second and the third map; each largest first. */
function descending(map: NumberRow, keys: number) {
  const high: number[] = [];
  const highest: number[] = [];
  for (let i = 0; i < map.length / keys; i++) {
    const row = matrixRow(map, keys, i);
    let largest = 0;
    for (const p of row) largest = Math.max(largest, p);
    for (const p of row) {
      if (p > HIGH * largest) high.push(p);
      if (p > HIGHEST * largest) highest.push(p);
    }
  }
  const sorted = (list: NumberRow) => new Float64Array(list).sort().reverse();
  return { values: sorted(map), high: sorted(high), highest: sorted(highest) };
}

function sumOf(row: Float64Array): number {
  let sum = 0;
  for (const p of row) sum += p;
  return sum;
}
