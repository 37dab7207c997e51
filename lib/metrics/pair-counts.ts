import { compareNumbers } from '@/lib/math/compare-numbers';
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
  const size = teacher.length;
  const t = Float64Array.from(teacher);
  const s = Float64Array.from(student);
  if (t.some(Number.isNaN) || s.some(Number.isNaN)) return null;

  const order = Uint32Array.from(t, (_, i) => i).sort(
    (i, j) => compareNumbers(at(t, i), at(t, j)) || compareNumbers(at(s, i), at(s, j)),
  );
  const byTeacher = Float64Array.from(order, (i) => at(t, i));
  const byTeacherThenStudent = Float64Array.from(order, (i) => at(s, i));

  const teacherTied = tiedPairs(size, (place) => at(byTeacher, place) === at(byTeacher, place - 1));
  const bothTied = tiedPairs(
    size,
    (place) =>
      at(byTeacher, place) === at(byTeacher, place - 1) &&
      at(byTeacherThenStudent, place) === at(byTeacherThenStudent, place - 1),
  );
  const { sorted, inversions } = sortCountingInversions(byTeacherThenStudent);
  const studentTied = tiedPairs(size, (place) => at(sorted, place) === at(sorted, place - 1));

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

/** Pairs within runs: a run of n equal places holds n (n - 1) / 2 of them. */
function tiedPairs(size: number, sameAsBefore: (place: number) => boolean): number {
  let pairs = 0;
  let run = 0; // how many earlier places are equal to this one
  for (let place = 1; place < size; place++) {
    run = sameAsBefore(place) ? run + 1 : 0;
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
