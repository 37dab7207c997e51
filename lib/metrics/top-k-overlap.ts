import { at, requireSameLength, type NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';

/** How many keys count as the top of a row wherever the app shows one number for it. */
export const TOP_K = 5;

export const topKOverlapFormula: Formula = {
  id: 'topKOverlap',
  label: 'Top-k overlap',
  shortLabel: 'top-k',
  range: [0, 1],
  unit: 'share',
  latex:
    '\\frac{1}{k} \\sum_j \\min(w_j(t), w_j(s)), \\quad w_j(x) = \\begin{cases} 1 & x_j > x_{(k)} \\\\ \\frac{k - \\#\\{x > x_{(k)}\\}}{\\#\\{x = x_{(k)}\\}} & x_j = x_{(k)} \\\\ 0 & x_j < x_{(k)} \\end{cases}',
  source: {
    kind: 'publication',
    citation:
      'Fagin, Kumar, Sivakumar. Comparing top k lists. SIAM Journal on Discrete Mathematics 17(1), 2003 (the sharing of tied places is this project’s)',
    doi: '10.1137/S0895480102412856',
  },
  betterWhen: 'high',
  undefinedWhen: 'when either row is constant, or k exceeds the row',
};

/**
 * Share of the teacher's k most attended keys that are among the student's k.
 *
 * A key above the k-th largest value belongs to the top k with weight 1. Keys tied with the k-th share the places that are
 * left in equal parts, because a binarized row ties dozens of keys and taking the first of them would report
 * where they stand and not how they rank:
 *
 *     overlap = sum_j min(w_j(t), w_j(s)) / k,   sum_j w_j = k
 *
 * Where at most one of the rows is tied at its k-th place this is the expected overlap when the ties are broken at random.
 * Where both are it is the largest expectation any such breaking can reach, so that a row overlaps itself in full.
 *
 * @param teacher t, [N]
 * @param student s, [N]
 * @param k how many keys, a positive integer
 * @returns in [0, 1]; exactly 1 for a row against itself; `null` when a row is constant (it has no top), holds NaN, or k > N.
 *   O(N log N)
 * @throws RangeError when the lengths differ or k is not a positive integer
 */
export function topKOverlap(teacher: NumberRow, student: NumberRow, k: number): number | null {
  return overlapParts(teacher, student, k)?.overlap ?? null;
}

export function explainTopKOverlap(teacher: NumberRow, student: NumberRow, k: number): Explanation {
  const parts = overlapParts(teacher, student, k);
  const shared = parts?.shared ?? null;
  const result = parts?.overlap ?? null;
  return {
    latex: `\\frac{${latexNumber(shared)}}{${k}} = ${latexNumber(result)}`,
    terms: [
      { symbol: '\\sum_j \\min(w_j(t), w_j(s))', value: shared },
      { symbol: 'k', value: k },
      { symbol: '\\#\\{t = t_{(k)}\\}', value: parts?.teacherTied ?? null },
      { symbol: '\\#\\{s = s_{(k)}\\}', value: parts?.studentTied ?? null },
    ],
    result,
  };
}

/** How a row's top k is cut: the k-th largest value, how many share it, and how many places are left for those. */
interface Cut {
  readonly threshold: number;
  readonly tied: number;
  readonly places: number;
}

function cut(row: NumberRow, k: number): Cut | null {
  const sorted = Float64Array.from(row).sort(); // ascending, NaN last
  const smallest = at(sorted, 0);
  const largest = at(sorted, sorted.length - 1);
  if (Number.isNaN(largest) || smallest === largest) return null;
  const threshold = at(sorted, sorted.length - k);
  let above = 0;
  let tied = 0;
  for (const value of sorted) {
    if (value > threshold) above++;
    else if (value === threshold) tied++;
  }
  return { threshold, tied, places: k - above };
}

function overlapParts(teacher: NumberRow, student: NumberRow, k: number) {
  requireSameLength(teacher, student);
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`top-k needs a positive whole k, got ${k}`);
  if (k > teacher.length) return null;
  const t = cut(teacher, k);
  const s = cut(student, k);
  if (t === null || s === null) return null;
  // Keys are counted by kind first and weighed afterwards: summing fractions key by key would miss 1 by a rounding error.
  let certain = 0;
  let onlyTeacherTied = 0;
  let onlyStudentTied = 0;
  let bothTied = 0;
  for (let j = 0; j < teacher.length; j++) {
    const x = at(teacher, j);
    const y = at(student, j);
    if (x < t.threshold || y < s.threshold) continue;
    if (x > t.threshold && y > s.threshold) certain++;
    else if (y > s.threshold) onlyTeacherTied++;
    else if (x > t.threshold) onlyStudentTied++;
    else bothTied++;
  }
  const smaller = t.places * s.tied <= s.places * t.tied ? t : s; // the smaller of the two weights places / tied
  const shared =
    certain +
    (onlyTeacherTied * t.places) / t.tied +
    (onlyStudentTied * s.places) / s.tied +
    (bothTied * smaller.places) / smaller.tied;
  return { shared, overlap: Math.min(1, shared / k), teacherTied: t.tied, studentTied: s.tied };
}
