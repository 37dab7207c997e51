import { averageRanks } from '@/lib/math/average-ranks';
import { matrixRow, type NumberRow } from '@/lib/math/number-row';
import { averageDefined, type Averaged } from '@/lib/metrics/averaged';
import { constantRowShare } from '@/lib/metrics/constant-row-share';
import { cosine } from '@/lib/metrics/cosine';
import { diagonalMass } from '@/lib/metrics/diagonal-mass';
import { entropy } from '@/lib/metrics/entropy';
import { entropyDifference, entropyShift } from '@/lib/metrics/entropy-difference';
import { inversionRateOfCounts } from '@/lib/metrics/inversion-rate';
import { jensenShannon } from '@/lib/metrics/jensen-shannon';
import { tauBOfCounts } from '@/lib/metrics/kendall-tau-b';
import { kullbackLeibler } from '@/lib/metrics/kullback-leibler';
import { pairCountsOfRanks } from '@/lib/metrics/pair-counts';
import { relativeFrobenius } from '@/lib/metrics/relative-frobenius';
import { spearmanOfRanks } from '@/lib/metrics/spearman';
import { tieShare } from '@/lib/metrics/tie-share';
import { topKOverlap } from '@/lib/metrics/top-k-overlap';

/** Metrics of two rows that a cell of the distortion matrix averages over its queries. */
export const rowPairMetricIds = [
  'cosine',
  'jensenShannon',
  'kullbackLeibler',
  'tauB',
  'spearman',
  'topKOverlap',
  'entropyDifference',
  'inversionRate',
] as const;
export type RowPairMetricId = (typeof rowPairMetricIds)[number];

/** What one map is like by itself. */
export interface HeadSummary {
  readonly entropy: Averaged;
  readonly diagonalMass: Averaged;
  readonly tieShare: Averaged;
  readonly constantRowShare: number | null;
}

/** How one student's head differs from the teacher's; every mean is over the rows where that metric is defined. */
export interface HeadDistortion extends Readonly<Record<RowPairMetricId, Averaged>> {
  /** Signed mean of H(s) - H(t): flatter above 0, sharper below. */
  readonly entropyShift: Averaged;
  /** Of the whole map, not a mean over rows. */
  readonly relativeFrobenius: number | null;
  readonly teacher: HeadSummary;
  readonly student: HeadSummary;
}

export interface DistortionOptions {
  /** N, the side of both maps. */
  readonly tokens: number;
  /** How many keys count as the top of a row. */
  readonly k: number;
}

/**
 * Compares one head's map with the teacher's, row by row.
 *
 * A binarized row may be all zero (no mass, no direction, no order) or all one (mass, but no order). Such rows drop out of
 * exactly the means they have no say in, and `defined` against `total` shows how many did.
 *
 * @param teacher flat [N, N]
 * @param student flat [N, N]
 * @returns see `HeadDistortion`. O(N^2 log N)
 * @throws RangeError when the maps are not tokens x tokens, or k is not a positive integer
 */
export function headDistortion(teacher: NumberRow, student: NumberRow, options: DistortionOptions): HeadDistortion {
  const { tokens, k } = options;
  requireMap(teacher, tokens);
  requireMap(student, tokens);
  const pairs = Array.from({ length: tokens }, (_, i) => ({
    t: matrixRow(teacher, tokens, i),
    s: matrixRow(student, tokens, i),
  }));
  // Ranks and pairs are counted once for all the metrics that need them.
  const ranks = pairs.map(({ t, s }) => ranksOfBoth(t, s));
  const counts = ranks.map((both) => both && pairCountsOfRanks(both.t, both.s));
  const over = (metric: (t: NumberRow, s: NumberRow) => number | null) =>
    averageDefined(pairs.map(({ t, s }) => metric(t, s)));
  return {
    cosine: over(cosine),
    jensenShannon: over(jensenShannon),
    kullbackLeibler: over((t, s) => kullbackLeibler(t, s)),
    tauB: averageDefined(counts.map((row) => row && tauBOfCounts(row))),
    spearman: averageDefined(ranks.map((both) => both && spearmanOfRanks(both.t, both.s))),
    topKOverlap: over((t, s) => topKOverlap(t, s, k)),
    entropyDifference: over(entropyDifference),
    inversionRate: averageDefined(counts.map((row) => row && inversionRateOfCounts(row))),
    entropyShift: over(entropyShift),
    relativeFrobenius: relativeFrobenius(teacher, student),
    teacher: summarizeHead(teacher, tokens),
    student: summarizeHead(student, tokens),
  };
}

/** @throws RangeError when the map is not tokens x tokens. */
export function summarizeHead(map: NumberRow, tokens: number): HeadSummary {
  requireMap(map, tokens);
  const rows = Array.from({ length: tokens }, (_, i) => matrixRow(map, tokens, i));
  return {
    entropy: averageDefined(rows.map(entropy)),
    diagonalMass: averageDefined(rows.map((row, query) => diagonalMass(row, query))),
    tieShare: averageDefined(rows.map(tieShare)),
    constantRowShare: constantRowShare(map, tokens),
  };
}

function ranksOfBoth(teacher: NumberRow, student: NumberRow) {
  const t = averageRanks(teacher);
  const s = averageRanks(student);
  return t === null || s === null ? null : { t, s };
}

function requireMap(map: NumberRow, tokens: number): void {
  if (map.length !== tokens * tokens) {
    throw new RangeError(`${map.length} entries are not a map of ${tokens} x ${tokens}`);
  }
}
