import type { Measures } from '@/analyses/binarizers/protocol';
import { averageRanks } from '@/lib/math/average-ranks';
import type { NumberRow } from '@/lib/math/number-row';
import { tauBOfCounts } from '@/lib/metrics/kendall-tau-b';
import { pairCountsOfRanks } from '@/lib/metrics/pair-counts';
import { relativeFrobenius } from '@/lib/metrics/relative-frobenius';

/** A row before it is binarized, ranked once for all binarizers. */
export interface RankedRow {
  readonly row: NumberRow;
  readonly ranks: Float64Array | null;
}

export function rankedRow(row: NumberRow): RankedRow {
  return { row, ranks: averageRanks(row) };
}

/** What a binarizer keeps of a row. */
export function measuresOf(before: RankedRow, after: NumberRow, passShare: number): Measures<number | null> {
  let filled = 0;
  for (const value of after) if (value !== 0) filled++;
  return {
    tauB: tauBOf(before.ranks, after),
    error: relativeFrobenius(before.row, after),
    passShare,
    density: filled / after.length,
  };
}

/** Kendall's tau-b; `null` where either row is constant. */
function tauBOf(ranks: Float64Array | null, row: NumberRow): number | null {
  const first = row[0];
  if (ranks === null || row.every((value) => value === first)) return null;
  const others = averageRanks(row);
  return others === null ? null : tauBOfCounts(pairCountsOfRanks(ranks, others));
}
