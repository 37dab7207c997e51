import { at, requireSameLength, type NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber, latexOperand } from '@/lib/metrics/latex-number';

/**
 * The ranking-aware distillation loss of one row, pair by pair, as `models/training/losses.py` trains with it.
 *
 *     l_ij = relu(margin - (s_i - s_j) sign(t_i - t_j))
 *
 * s, t: the student's and the teacher's scores before the softmax. Where the teacher ties a pair, sign is 0: l_ij is the margin
 * itself, whatever the student does, and its gradient is 0. Such pairs teach nothing and stay in the mean.
 */
export const rankingHingeFormula: Formula = {
  id: 'rankingHinge',
  label: 'Ranking loss of a pair',
  shortLabel: 'ℓ',
  range: [0, null],
  unit: 'number',
  latex: '\\ell_{ij} = \\max\\bigl(0,\\; m - (s_i - s_j) \\operatorname{sign}(t_i - t_j)\\bigr)',
  source: {
    kind: 'paper',
    citation:
      'After Liu et al. Post-training quantization for vision transformer. NeurIPS 2021, Eq. 13; not printed in the Bi-ViT text at hand',
    arxiv: '2106.14156',
  },
  betterWhen: 'low',
  undefinedWhen: 'when a score is not finite',
};

export const rowRankingLossFormula: Formula = {
  id: 'rowRankingLoss',
  label: 'Ranking loss of the row',
  shortLabel: 'L rank',
  range: [0, null],
  unit: 'number',
  latex:
    '\\mathcal{L} = \\frac{2}{N (N - 1)} \\sum_{i < j} \\ell_{ij}, \\quad \\frac{\\partial \\mathcal{L}}{\\partial s_i} = -\\frac{2}{N (N - 1)} \\sum_{j :\\, \\ell_{ij} > 0} \\operatorname{sign}(t_i - t_j)',
  source: {
    kind: 'derived',
    note: 'Mean of the pair loss over all pairs of the row; the training takes random pairs of the same mean. After Liu et al., NeurIPS 2021 (arXiv 2106.14156), Eq. 13; not printed in the Bi-ViT text at hand.',
  },
  betterWhen: 'low',
  undefinedWhen: 'when a score is not finite or the row has fewer than two keys',
};

/** The margin that the embedded students were trained with. */
export const RECIPE_MARGIN = 0.2;

export interface PairHinge {
  /** sign(t_i - t_j): 1 where the teacher puts i first, -1 where j, 0 where it ties them. */
  readonly order: -1 | 0 | 1;
  /** (s_i - s_j) sign(t_i - t_j): how far the student is on the teacher's side; to be brought above the margin. */
  readonly lead: number;
  readonly loss: number;
  /** dl/ds_i and dl/ds_j; a step of descent moves the scores against them. */
  readonly gradientI: number;
  readonly gradientJ: number;
}

/**
 * The loss of keys i and j, and what it pulls at.
 *
 * @param margin at least 0
 * @returns `null` where a score is not finite
 * @throws RangeError when the rows differ in length, do not hold both keys, or the margin is negative or not finite
 */
export function pairHinge(
  teacher: NumberRow,
  student: NumberRow,
  [i, j]: readonly [number, number],
  margin: number,
): PairHinge | null {
  requireSameLength(teacher, student);
  requireMargin(margin);
  const [ti, tj, si, sj] = [at(teacher, i), at(teacher, j), at(student, i), at(student, j)];
  return [ti, tj, si, sj].every(Number.isFinite) ? hinge(ti - tj, si - sj, margin) : null;
}

export interface RowHinge {
  /** Mean over all pairs. */
  readonly loss: number;
  /** By each of the student's scores; sums to 0. */
  readonly gradient: Float64Array; // [N]
  readonly pairs: number;
  /** Pairs that pull: the student is on the wrong side of them, or not far enough on the right one. */
  readonly active: number;
  /** Pairs that the teacher ties. */
  readonly tied: number;
}

/**
 * The row's mean loss over all pairs, and its gradient by each score. O(N^2)
 *
 * @returns `null` for fewer than two keys, or where a score is not finite
 * @throws RangeError when the lengths differ, or the margin is negative or not finite
 */
export function rowHinge(teacher: NumberRow, student: NumberRow, margin: number): RowHinge | null {
  requireSameLength(teacher, student);
  requireMargin(margin);
  const size = teacher.length;
  if (size < 2 || !teacher.every(Number.isFinite) || !student.every(Number.isFinite)) return null;
  const pairs = (size * (size - 1)) / 2;
  const gradient = new Float64Array(size);
  let loss = 0;
  let active = 0;
  let tied = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const pair = hinge(at(teacher, i) - at(teacher, j), at(student, i) - at(student, j), margin);
      loss += pair.loss;
      gradient[i] = at(gradient, i) + pair.gradientI / pairs;
      gradient[j] = at(gradient, j) + pair.gradientJ / pairs;
      if (pair.order === 0) tied++;
      else if (pair.gradientI !== 0) active++;
    }
  }
  return { loss: loss / pairs, gradient, pairs, active, tied };
}

export function explainPairHinge(
  teacher: NumberRow,
  student: NumberRow,
  [i, j]: readonly [number, number],
  margin: number,
): Explanation {
  const pair = pairHinge(teacher, student, [i, j], margin);
  const [si, sj] = [at(student, i), at(student, j)];
  const result = pair?.loss ?? null;
  return {
    latex: `\\max(0,\\; ${latexNumber(margin)} - (${latexNumber(si)} - ${latexOperand(sj)}) \\cdot ${latexOperand(pair?.order ?? null)}) = ${latexNumber(result)}`,
    terms: [
      { symbol: 'm', value: margin },
      { symbol: 't_i - t_j', value: at(teacher, i) - at(teacher, j) },
      { symbol: 's_i - s_j', value: si - sj },
      { symbol: '\\partial \\ell / \\partial s_i', value: pair?.gradientI ?? null },
      { symbol: '\\partial \\ell / \\partial s_j', value: pair?.gradientJ ?? null },
    ],
    result,
  };
}

function hinge(ofTeacher: number, ofStudent: number, margin: number): PairHinge {
  const order = ofTeacher > 0 ? 1 : ofTeacher < 0 ? -1 : 0;
  const lead = order === 0 ? 0 : ofStudent * order;
  const loss = Math.max(0, margin - lead);
  // At its kink the loss has no slope: relu'(0) = 0, as in PyTorch.
  const pulls = loss > 0 && order !== 0;
  return { order, lead, loss, gradientI: pulls ? -order : 0, gradientJ: pulls ? order : 0 };
}

function requireMargin(margin: number): void {
  if (!(margin >= 0 && Number.isFinite(margin))) throw new RangeError(`a margin is at least 0, got ${margin}`);
}
