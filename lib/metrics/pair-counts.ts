import { averageRanks } from '@/lib/math/average-ranks';
import { at, requireSameLength, type NumberRow } from '@/lib/math/number-row';

/** All pairs of keys i < j, by what two rows say about their order. Every count is a whole number. */
export interface PairCounts {
  /** n0 = N (N - 1) / 2. */
  readonly total: number;
  /** Both rows order the pair, alike. */
  readonly concordant: number;
  /** Both rows order the pair, against each other. */
  readonly discordant: number;
  /** n1: tied in the teacher's row, whatever the student's. */
  readonly teacherTied: number;
  /** n2: tied in the student's row, whatever the teacher's. */
  readonly studentTied: number;
  /** n3: tied in both. */
  readonly bothTied: number;
}

/**
 * Counts concordant, discordant and tied pairs in O(N log N) instead of O(N^2).
 *
 * Order the keys by the teacher's value, ties by the student's. Then a pair is discordant exactly when a merge sort by the
 * student's value moves it past each other, and runs of equal values give the ties.
 *
 *     total = concordant + discordant + teacherTied + studentTied - bothTied
 *
 * After Knight, A computer method for calculating Kendall's tau with ungrouped data, JASA 61, 1966,
 * doi:10.1080/01621459.1966.10480879.
 *
 * @param teacher t, [N]
 * @param student s, [N]
 * @returns `null` when either row holds NaN, which has no place in an order
 * @throws RangeError when the lengths differ
 */
export function pairCounts(teacher: NumberRow, student: NumberRow): PairCounts | null {
  requireSameLength(teacher, student);
  const ofTeacher = averageRanks(teacher);
  const ofStudent = averageRanks(student);
  return ofTeacher === null || ofStudent === null ? null : pairCountsOfRanks(ofTeacher, ofStudent);
}

/** The same from average ranks that are there already. */
export function pairCountsOfRanks(teacherRanks: Float64Array, studentRanks: Float64Array): PairCounts {
  const size = teacherRanks.length;
  // Twice a rank is a whole number up to 2N, so one number holds both ranks and orders keys by the teacher, then the student.
  const base = 2 * size + 1;
  const keys = new Float64Array(size);
  for (let i = 0; i < size; i++) keys[i] = 2 * at(teacherRanks, i) * base + 2 * at(studentRanks, i);
  keys.sort();
  const bothTied = tiedPairs(keys);
  const teacherTied = tiedPairs(keys.map((key) => Math.floor(key / base)));
  const { sorted, inversions } = sortCountingInversions(keys.map((key) => key % base));
  const studentTied = tiedPairs(sorted);

  const total = (size * (size - 1)) / 2;
  return {
    total,
    concordant: total - teacherTied - studentTied + bothTied - inversions,
    discordant: inversions,
    teacherTied,
    studentTied,
    bothTied,
  };
}

/** Pairs within runs of an ascending row: a run of n equal places holds n (n - 1) / 2 of them. */
function tiedPairs(sorted: Float64Array): number {
  let pairs = 0;
  let run = 0; // how many earlier places are equal to this one
  for (let place = 1; place < sorted.length; place++) {
    run = at(sorted, place) === at(sorted, place - 1) ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
}

/** Bottom-up merge sort; `inversions` counts the pairs that stood in strictly descending order. */
function sortCountingInversions(values: Float64Array<ArrayBuffer>) {
  let source = values;
  let target = new Float64Array(values.length);
  let inversions = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      let left = start;
      let right = middle;
      for (let place = start; place < end; place++) {
        if (right >= end || (left < middle && at(source, left) <= at(source, right))) {
          target[place] = at(source, left++);
        } else {
          inversions += middle - left; // it overtakes everything that is still waiting on the left
          target[place] = at(source, right++);
        }
      }
    }
    [source, target] = [target, source];
  }
  return { sorted: source, inversions };
}
