/** What `softmax-microscope` computes, as the cards show it. */
import type { Formula, FormulaSource } from '@/lib/metrics/formula';

const CHAIN_RULE: FormulaSource = {
  kind: 'derived',
  note: 'Chain rule through softmax(αz); the factor α stands in front because the scores are scaled before the softmax.',
};

export const scaledSoftmaxFormula: Formula = {
  id: 'scaledSoftmax',
  label: 'Attention of scaled scores',
  shortLabel: 'p',
  range: [0, 1],
  unit: 'share',
  latex: 'p_j = \\frac{e^{\\alpha z_j}}{\\sum_k e^{\\alpha z_k}}',
  source: {
    kind: 'derived',
    note: 'Softmax with the scores scaled first; α = 1 is the model’s own attention.',
  },
  betterWhen: 'high',
  undefinedWhen: 'when a score is not finite',
};

export const softmaxJacobianFormula: Formula = {
  id: 'softmaxJacobian',
  label: 'Softmax Jacobian',
  shortLabel: 'J',
  range: [-0.25, 0.25],
  unit: 'number',
  latex: 'J = \\operatorname{diag}(p) - p p^{\\top}, \\quad J_{ij} = p_i ([i = j] - p_j)',
  source: { kind: 'derived', note: 'Derivative of softmax by its input, written with its output.' },
  betterWhen: 'high',
  undefinedWhen: 'when a score is not finite',
};

export const rowGradientFormula: Formula = {
  id: 'rowGradient',
  label: 'Gradient at the row’s scores',
  shortLabel: '∂L/∂z',
  range: [null, null],
  unit: 'number',
  latex:
    '\\frac{\\partial \\mathcal{L}}{\\partial z} = \\alpha J g, \\quad (\\alpha J g)_i = \\alpha p_i (g_i - p \\cdot g), \\quad g = \\frac{\\partial \\mathcal{L}}{\\partial p}',
  source: CHAIN_RULE,
  betterWhen: 'high',
  undefinedWhen: 'when a score is not finite or no gradients were traced',
};

export const jacobianNormFormula: Formula = {
  id: 'jacobianNorm',
  label: 'Size of the Jacobian',
  shortLabel: '‖J‖',
  range: [0, 0.5],
  unit: 'number',
  latex: '\\lVert J \\rVert_F = \\sqrt{S_2 - 2 S_3 + S_2^2}, \\quad S_k = \\sum_i p_i^k',
  source: {
    kind: 'derived',
    note: 'Frobenius norm of diag(p) - p pᵀ, written out; largest, 1/2, where two keys share a row in equal halves.',
  },
  betterWhen: 'high',
  undefinedWhen: 'when a score is not finite',
};

export const scaledJacobianNormFormula: Formula = {
  id: 'scaledJacobianNorm',
  label: 'Size of the scaled Jacobian',
  shortLabel: '‖αJ‖',
  range: [0, null],
  unit: 'number',
  latex: '\\lVert \\alpha J \\rVert_F = |\\alpha| \\sqrt{S_2 - 2 S_3 + S_2^2}, \\quad S_k = \\sum_i p_i^k',
  source: {
    kind: 'derived',
    note: 'Not monotonic in α: a small α scales every gradient down, a large one saturates the row, and J goes to 0 faster than α grows.',
  },
  betterWhen: 'high',
  undefinedWhen: 'when a score is not finite',
};

export const deadShareFormula: Formula = {
  id: 'deadShare',
  label: 'Dead share of the row',
  shortLabel: 'dead',
  range: [0, 1],
  unit: 'share',
  latex:
    '\\frac{1}{N} \\, \\#\\Bigl\\{ i : \\Bigl\\lvert \\frac{\\partial \\mathcal{L}}{\\partial z_i} \\Bigr\\rvert < 10^{-3} \\max_j \\Bigl\\lvert \\frac{\\partial \\mathcal{L}}{\\partial p_j} \\Bigr\\rvert \\Bigr\\}',
  source: {
    kind: 'derived',
    note: 'Keys whose score gets less than a thousandth of the largest gradient that arrives; the threshold is this project’s.',
  },
  betterWhen: 'low',
  undefinedWhen: 'when no gradient arrives at the row',
};
