import type { AboutFormula } from '@/components/ui/about';
import type { CellValue } from '@/lib/metrics/cell';
import { formatFixed } from '@/lib/viz/format';

export const ABOUT_DISTANCE: AboutFormula = {
  label: 'Mean attention distance',
  latex: '\\frac{1}{P}\\sum_{i=1}^{P} \\frac{\\sum_j p_{ij}\\, \\lVert x_i - x_j \\rVert_2}{\\sum_j p_{ij}}',
  source: { text: 'Dosovitskiy et al., ICLR 2021, figure 7', url: 'https://arxiv.org/abs/2010.11929' },
  note: 'P patches at x_i, in pixels of the input; class tokens have no position and are left out (this project’s choice). Rows in which no patch has any weight are left out too.',
};

/** `5.1 px`. */
export const formatPixels = (value: number | null): string => (value === null ? 'n/a' : `${formatFixed(value, 1)} px`);

/** From the nearest to the farthest head. @returns `4.2 px to 11.0 px`, `n/a` where no head has a distance */
export function spread(cells: readonly CellValue[]): string {
  const values = cells.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return 'n/a';
  return `${formatPixels(Math.min(...values))} to ${formatPixels(Math.max(...values))}`;
}

/** The mean over the heads that have a distance. */
export function meanOfHeads(cells: readonly CellValue[]): number | null {
  const values = cells.flatMap(({ value }) => (value === null ? [] : [value]));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `12 of 588 rows`: how many have a distance, over all heads of a layer. */
export function definedRows(cells: readonly CellValue[]): { readonly defined: number; readonly total: number } {
  return {
    defined: cells.reduce((sum, cell) => sum + cell.definedRows, 0),
    total: cells.reduce((sum, cell) => sum + cell.totalRows, 0),
  };
}

export interface PixelAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/** As far as the values go, in four or so round steps; dots need no zero. */
export function pixelAxis(values: readonly (number | null)[]): PixelAxis {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const rough = Math.max(high - low, 0.1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const steps = Math.ceil(high / step) - first || 1;
  const ticks = Array.from({ length: steps + 1 }, (_, index) => Number(((first + index) * step).toPrecision(6)));
  return { min: first * step, max: (first + steps) * step, ticks };
}
