import { at, type NumberRow } from '@/lib/math/number-row';
import type { Formula } from '@/lib/metrics/formula';
import { softmaxRow } from '@/lib/metrics/softmax-entry';

export const logitGradientFormula: Formula = {
  id: 'logitGradient',
  label: 'Gradient at the logits',
  shortLabel: '‖∂L/∂l‖',
  range: [0, Math.SQRT2],
  unit: 'number',
  latex:
    '\\left\\lVert \\frac{\\partial \\mathcal{L}}{\\partial l} \\right\\rVert_2 = \\lVert \\operatorname{softmax}(l) - e_c \\rVert_2',
  source: {
    kind: 'derived',
    note: 'Derivative of the cross-entropy of class c by the logits l: where every other gradient starts from.',
  },
  betterWhen: 'high',
  undefinedWhen: 'when a logit is not finite',
};

/**
 * Euclidean norm of the gradient that a cross-entropy sends into the network.
 *
 *     || softmax(l) - e_c ||
 *
 * 1 - p_c is summed from the other classes: a sure answer has p_c so near to 1 that the difference would lose its digits.
 *
 * @param logits l, [classes]
 * @returns in [0, sqrt 2]; `null` where a logit is not finite
 * @throws RangeError for a class that is none
 */
export function logitGradientNorm(logits: NumberRow, classIndex: number): number | null {
  const probabilities = softmaxRow(logits);
  at(logits, classIndex);
  if (probabilities === null) return null;
  const others = probabilities.filter((_, index) => index !== classIndex);
  return Math.hypot(
    ...others,
    others.reduce((sum, p) => sum + p, 0),
  );
}
