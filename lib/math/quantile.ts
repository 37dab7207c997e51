import { at, type NumberRow } from '@/lib/math/number-row';

/**
 * Quantile by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996, NumPy's default).
 *
 *     h = (n - 1) q,   x_floor(h) + (h - floor(h)) (x_floor(h)+1 - x_floor(h))   of the sorted row
 *
 * @param level q in [0, 1]; 0.5 is the median
 * @returns `null` for an empty row or one that holds NaN
 * @throws RangeError for a level outside [0, 1]
 */
export function quantile(row: NumberRow, level: number): number | null {
  if (!(level >= 0 && level <= 1)) throw new RangeError(`a quantile's level lies in [0, 1], got ${level}`);
  if (row.length === 0) return null;
  const sorted = Float64Array.from(row).sort(); // a typed array sorts by number and puts NaN last
  if (Number.isNaN(at(sorted, sorted.length - 1))) return null;
  const position = (sorted.length - 1) * level;
  const below = Math.floor(position);
  const low = at(sorted, below);
  if (below === position) return low; // also keeps Infinity - Infinity out
  return low + (position - below) * (at(sorted, below + 1) - low);
}
