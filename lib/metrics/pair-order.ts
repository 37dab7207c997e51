import { averageRanks } from '@/lib/math/average-ranks';
import { at, requireSameLength, type NumberRow } from '@/lib/math/number-row';

/** What two rows say about the order of a pair: both order it alike, against each other, or one of them not at all. */
export type PairRelation = 'concordant' | 'discordant' | 'tied';

export type RelationCounts = { readonly [Relation in PairRelation]: number };

export interface RankedKey {
  readonly key: number;
  /** From 1, the largest value; tied values share the mean of their places. */
  readonly teacherRank: number;
  readonly studentRank: number;
  /** Its pairs with the other keys here. */
  readonly pairs: RelationCounts;
}

export interface OrderedPair {
  /** The one that the teacher puts first; where it ties them, the smaller key. */
  readonly first: number;
  readonly second: number;
  readonly relation: PairRelation;
}

export interface PairOrder {
  /** The teacher's k largest, largest first. */
  readonly keys: readonly RankedKey[]; // [k]
  /** Every pair of them. */
  readonly pairs: readonly OrderedPair[]; // [k (k - 1) / 2]
  readonly counts: RelationCounts;
  /** Keys left out although they are tied with the last one taken: of equal values the smaller keys are taken. */
  readonly tiedOut: number;
}

/**
 * The teacher's top k keys of a row, where the student ranks them, and what became of each pair's order: what a slopegraph draws.
 *
 * @param teacher t, [N]
 * @param student s, [N]
 * @param k how many keys, a positive integer
 * @returns `null` when the teacher's row is constant (it has no top), k > N, or a row holds NaN. O(N log N + k^2)
 * @throws RangeError when the lengths differ or k is not a positive integer
 */
export function pairOrder(teacher: NumberRow, student: NumberRow, k: number): PairOrder | null {
  requireSameLength(teacher, student);
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`top-k needs a positive whole k, got ${k}`);
  const ofTeacher = averageRanks(teacher); // from 1, the smallest
  const ofStudent = averageRanks(student);
  if (ofTeacher === null || ofStudent === null || k > teacher.length) return null;
  const first = at(ofTeacher, 0);
  if (ofTeacher.every((rank) => rank === first)) return null;

  const byTeacher = Array.from(ofTeacher, (_, key) => key).sort((a, b) => at(ofTeacher, b) - at(ofTeacher, a) || a - b);
  const top = byTeacher.slice(0, k);
  const pairs = top.flatMap((one, place) =>
    top.slice(place + 1).map((other): OrderedPair => {
      const agreement = (at(ofTeacher, one) - at(ofTeacher, other)) * (at(ofStudent, one) - at(ofStudent, other));
      const relation = agreement > 0 ? 'concordant' : agreement < 0 ? 'discordant' : 'tied';
      return { first: one, second: other, relation };
    }),
  );
  const fromTop = (ranks: Float64Array, key: number) => teacher.length + 1 - at(ranks, key);
  const lowest = at(ofTeacher, at(top, k - 1));
  return {
    keys: top.map((key) => ({
      key,
      teacherRank: fromTop(ofTeacher, key),
      studentRank: fromTop(ofStudent, key),
      pairs: countRelations(pairs.filter((pair) => pair.first === key || pair.second === key)),
    })),
    pairs,
    counts: countRelations(pairs),
    tiedOut: byTeacher.slice(k).filter((key) => at(ofTeacher, key) === lowest).length,
  };
}

function countRelations(pairs: readonly OrderedPair[]): RelationCounts {
  const counts = { concordant: 0, discordant: 0, tied: 0 };
  for (const { relation } of pairs) counts[relation]++;
  return counts;
}
