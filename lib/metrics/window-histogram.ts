import { finiteExtent } from '@/lib/math/finite-extent';
import { histogram, type Histogram } from '@/lib/math/histogram';
import type { NumberRow } from '@/lib/math/number-row';
import type { PassWindow } from '@/lib/metrics/ste-pass-share';

/** How far the range may go beyond the values to show the window's ends, as a part of the values' own span. */
const BEYOND = 0.5;

/**
 * Counts over bins of equal width whose range holds every finite value, and the ends of a straight-through window as far as they
 * are not so far away that the values would shrink to a line.
 *
 * @param window `null` where nothing clips
 * @returns `null` where no value is finite
 * @throws RangeError for a number of bins that is not a positive integer
 */
export function windowHistogram(values: NumberRow, window: PassWindow | null, bins: number): Histogram | null {
  const extent = finiteExtent(values);
  if (extent === null) return null;
  const [least, greatest] = extent;
  const span = greatest - least || 1;
  const lower = Math.min(least, Math.max(window?.lower ?? least, least - BEYOND * span));
  const upper = Math.max(greatest, Math.min(window?.upper ?? greatest, greatest + BEYOND * span));
  return histogram(values, bins, lower < upper ? [lower, upper] : [lower - 0.5, upper + 0.5]);
}
