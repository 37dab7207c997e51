/**
 * The measures by which the binarizers are compared: names, formulas, how they are written, and which end is the better one.
 */
import type { BinarizedRow, BinarizerMean } from '@/analyses/binarizers/protocol';
import type { AboutFormula } from '@/components/ui/about';
import { formatFixed, formatNumber, formatPercent } from '@/lib/viz/format';
import type { BinarizerId } from '@/lib/quantizers/binarizer-list';
import type { CellValue } from '@/lib/metrics/cell';

export const MEASURE_IDS = ['tauB', 'error', 'passShare', 'density'] as const;
export type MeasureId = (typeof MEASURE_IDS)[number];

export interface BinarizerMeasure {
  readonly name: string;
  /** For a control or a column. */
  readonly short: string;
  /** `null` where neither end is better. */
  readonly better: 'high' | 'low' | null;
  readonly format: (value: number | null) => string;
  /** Ends of an axis that must be on it; `null` where the values decide. */
  readonly axis: { readonly min: number; readonly max: number | null };
  readonly formula: AboutFormula;
}

const OWN = { text: 'This project’s own definition', url: null };

export const MEASURES: { readonly [Id in MeasureId]: BinarizerMeasure } = {
  tauB: {
    name: 'Order kept, Kendall’s τ-b',
    short: 'τ-b',
    better: 'high',
    format: (value) => formatFixed(value, 3),
    axis: { min: 0, max: 1 },
    formula: {
      label: 'Order kept: Kendall’s tau-b between the row before and after',
      latex: String.raw`\tau_b = \frac{P - Q}{\sqrt{(n_0 - n_1)(n_0 - n_2)}}`,
      source: {
        text: 'Kendall, The treatment of ties in ranking problems, Biometrika 1945',
        url: 'https://doi.org/10.1093/biomet/33.3.239',
      },
      note: 'P concordant and Q discordant pairs of n₀; n₁ and n₂ are tied before and after. Undefined where one of the rows is constant.',
    },
  },
  error: {
    name: 'Quantization error',
    short: 'error',
    better: 'low',
    format: (value) => formatNumber(value),
    axis: { min: 0, max: null },
    formula: {
      label: 'Quantization error: how far the row moved, for its own length',
      latex: String.raw`\frac{\lVert \hat{p} - p \rVert_2}{\lVert p \rVert_2}`,
      source: OWN,
      note: '0: nothing changed. 1: as far off as a row of zeros.',
    },
  },
  passShare: {
    name: 'Gradient passes',
    short: 'gradient',
    better: 'high',
    format: (value) => formatPercent(value),
    axis: { min: 0, max: 1 },
    formula: {
      label: 'Gradient passes: share of entries inside the straight-through window',
      latex: String.raw`\frac{1}{N} \bigl|\{\, j : g(p_j) \ne 0 \,\}\bigr|`,
      source: OWN,
      note: 'g is the derivative that training puts in place of the true one. Counted on what each binarizer reads (scores, the row, or q and k), which its card says; n/a where the source trains by other means.',
    },
  },
  density: {
    name: 'Entries that are not 0',
    short: 'not 0',
    better: null,
    format: (value) => formatPercent(value),
    axis: { min: 0, max: 1 },
    formula: {
      label: 'Density: share of entries that are not 0',
      latex: String.raw`\frac{1}{N} \bigl|\{\, j : \hat{p}_j \ne 0 \,\}\bigr|`,
      source: OWN,
      note: 'Neither end is the better one: all on says as little as all off.',
    },
  },
};

/** One binarizer in numbers, of one row or on average. */
export type BinarizerNumbers = { readonly id: BinarizerId } & { readonly [Id in MeasureId]: number | null };

export function numbersOfRow({ id, density, tauB, error, passShare }: BinarizedRow): BinarizerNumbers {
  return { id, density, tauB, error, passShare };
}

export function numbersOfMean({ id, density, tauB, error, passShare }: BinarizerMean): BinarizerNumbers {
  return { id, density: density.value, tauB: tauB.value, error: error.value, passShare: passShare.value };
}

/** A mean over fewer of the rows than this share says little about the head. */
const FEW_ROWS = 0.5;

/** The means that may be compared: `null` also where a measure is defined in fewer than half of the rows. */
export function comparableMeans(mean: BinarizerMean): BinarizerNumbers {
  const valueOf = ({ value, definedRows, totalRows }: CellValue) => (definedRows < FEW_ROWS * totalRows ? null : value);
  return {
    id: mean.id,
    density: valueOf(mean.density),
    tauB: valueOf(mean.tauB),
    error: valueOf(mean.error),
    passShare: valueOf(mean.passShare),
  };
}

/**
 * Which are best by a measure. What is written alike is equally good, so every one of them is marked; where all are alike, where fewer than two
 * are defined, or where neither end is better, none is.
 */
export function bestOf(id: MeasureId, values: readonly (number | null)[]): readonly boolean[] {
  const { better, format } = MEASURES[id];
  const defined = values.filter((value) => value !== null);
  const nothing = values.map(() => false);
  if (better === null || defined.length < 2) return nothing;
  const best = defined.reduce((a, b) => (better === 'high' ? Math.max(a, b) : Math.min(a, b)));
  const written = format(best);
  const marks = values.map((value) => value !== null && format(value) === written);
  return marks.filter((mark) => mark).length === defined.length ? nothing : marks;
}

/** From best to worst by a measure, undefined ones last; alike ones, or without a better end from high to low, in their own order. */
export function sortedBy<Item extends { readonly [Id in MeasureId]: number | null }>(
  items: readonly Item[],
  id: MeasureId | null,
): readonly Item[] {
  if (id === null) return items;
  const sign = MEASURES[id].better === 'low' ? 1 : -1;
  return [...items].sort((a, b) => {
    const [first, second] = [a[id], b[id]];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return sign * (first - second);
  });
}
