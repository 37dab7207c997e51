import type { Explanation } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';

/**
 * A mean over rows that says over how many it was taken. A binarized map easily leaves most rows undefined, and a mean
 * over the three that are left must not look like one over fifty.
 */
export interface Averaged {
  /** The mean over the rows where the metric is defined; `null` where it is defined on none. */
  readonly value: number | null;
  readonly defined: number;
  readonly total: number;
}

/** Averages a metric over rows (or heads, or layers), leaving out where it is undefined. */
export function averageDefined(values: Iterable<number | null>): Averaged {
  let sum = 0;
  let defined = 0;
  let total = 0;
  for (const value of values) {
    total++;
    if (value === null) continue;
    defined++;
    sum += value;
  }
  return { value: defined === 0 ? null : sum / defined, defined, total };
}

/** Joins means of heads or layers into one over all their rows, each row counting once. */
export function poolAveraged(parts: Iterable<Averaged>): Averaged {
  let sum = 0;
  let defined = 0;
  let total = 0;
  for (const part of parts) {
    total += part.total;
    if (part.value === null) continue;
    sum += part.value * part.defined;
    defined += part.defined;
  }
  return { value: defined === 0 ? null : sum / defined, defined, total };
}

/**
 * How a cell of the distortion matrix came about: the sum over the defined rows, divided by their number.
 *
 * @param symbol the metric of one row, for KaTeX
 */
export function explainAveraged(averaged: Averaged, symbol: string): Explanation {
  const { value, defined, total } = averaged;
  const sum = value === null ? null : value * defined;
  const latex =
    value === null
      ? `\\text{undefined in all ${total} rows}`
      : `\\frac{1}{${defined}} \\sum_{i=1}^{${defined}} {${symbol}}_i = ${latexNumber(value)}`;
  return {
    latex,
    terms: [
      { symbol: '\\text{rows where defined}', value: defined },
      { symbol: '\\text{rows}', value: total },
      { symbol: `\\sum_i {${symbol}}_i`, value: sum },
    ],
    result: value,
  };
}
