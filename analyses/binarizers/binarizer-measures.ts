/** The measures by which binarizers are compared: names, formulas, how they are written, and which end is the better one. */
import { perMeasure, type BinarizerMean, type MeasureId, type Measures } from '@/analyses/binarizers/protocol';
import { aboutFormula } from '@/components/analysis/about-formula';
import type { AboutFormula } from '@/components/ui/about';
import { kendallTauBFormula } from '@/lib/metrics/kendall-tau-b';
import type { BinarizerId } from '@/lib/quantizers/attention/records';
import { formatFixed, formatNumber, formatPercent } from '@/lib/viz/format';

interface BinarizerMeasure {
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
    formula: aboutFormula(kendallTauBFormula),
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
      note: 'g is the derivative that training uses instead of the true one. Counted on what each binarizer reads (scores, the row, or q and k), which its card says.',
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
      note: 'Neither end is better: all on says as little as all off.',
    },
  },
};

/** One binarizer in numbers, of one row or on average. */
export interface BinarizerNumbers extends Measures<number | null> {
  readonly id: BinarizerId;
}

export function numbersOfMean(mean: BinarizerMean): BinarizerNumbers {
  return { id: mean.id, ...perMeasure((measure) => mean[measure].value) };
}

/** A mean over fewer of the rows than this share says little about the head. */
const FEW_ROWS = 0.5;

/** The means that may be compared: `null` also where a measure is defined in fewer than half of the rows. */
export function comparableMeans(mean: BinarizerMean): BinarizerNumbers {
  const comparable = (measure: MeasureId): number | null => {
    const { value, definedRows, totalRows } = mean[measure];
    return definedRows < FEW_ROWS * totalRows ? null : value;
  };
  return { id: mean.id, ...perMeasure(comparable) };
}

/**
 * Which are best by a measure: every one that is written alike. None where all are alike, fewer than two are defined, or neither end is
 * better.
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

/** `bestOf` every measure. */
export function bestMarks(numbers: readonly Measures<number | null>[]): Measures<readonly boolean[]> {
  return perMeasure((measure) =>
    bestOf(
      measure,
      numbers.map((each) => each[measure]),
    ),
  );
}

/** From best to worst by a measure, or from high to low where neither end is better; undefined ones last. Stable. */
export function sortedBy<Item extends Measures<number | null>>(
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
