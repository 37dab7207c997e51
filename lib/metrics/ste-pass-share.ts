import type { NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';

export const stePassShareFormula: Formula = {
  id: 'stePassShare',
  label: 'Gradient passing the STE',
  shortLabel: 'STE pass',
  range: [0, 1],
  unit: 'share',
  latex: '\\frac{1}{n} \\, \\#\\{ i : a \\le x_i \\le b \\}',
  source: {
    kind: 'paper',
    citation:
      'Hubara, Courbariaux, Soudry, El-Yaniv, Bengio. Binarized Neural Networks: training neural networks with weights and activations constrained to +1 or -1. 2016',
    arxiv: '1602.02830',
  },
  betterWhen: 'high',
  undefinedWhen: 'when there are no values, or one is not a number',
};

/** Where a clipped straight-through estimator has a derivative of 1, borders included, in units of its input. */
export interface PassWindow {
  readonly lower: number; // a
  readonly upper: number; // b
}

/**
 * The window of a quantizer that clips u = (x - beta) / alpha to [lower, upper].
 *
 * Sign quantizers clip u to [-1, 1] (beta is -alpha times the rounded zero point), elastic ones to [0, 1].
 *
 * @throws RangeError unless alpha is finite and not 0; a negative alpha mirrors the window
 */
export function passWindow(alpha: number, beta: number, clip: PassWindow): PassWindow {
  if (!Number.isFinite(alpha) || alpha === 0) throw new RangeError(`alpha must be finite and not 0, got ${alpha}`);
  const ends = [alpha * clip.lower + beta, alpha * clip.upper + beta] as const;
  return { lower: Math.min(...ends), upper: Math.max(...ends) };
}

/**
 * Share of a quantizer's inputs through which a clipped straight-through estimator lets the gradient pass.
 *
 *     #{ i : a <= x_i <= b } / n
 *
 * @param values x, the quantizer's real-valued input
 * @returns in [0, 1]; `null` for no values or NaN among them
 */
export function stePassShare(values: NumberRow, window: PassWindow): number | null {
  const passed = countPassed(values, window);
  return passed === null ? null : passed / values.length;
}

export function explainStePassShare(values: NumberRow, window: PassWindow): Explanation {
  const passed = countPassed(values, window);
  const result = stePassShare(values, window);
  return {
    latex: `\\frac{${latexNumber(passed)}}{${values.length}} = ${latexNumber(result)}`,
    terms: [
      { symbol: '\\#\\{ i : a \\le x_i \\le b \\}', value: passed },
      { symbol: 'n', value: values.length },
      { symbol: 'a', value: window.lower },
      { symbol: 'b', value: window.upper },
    ],
    result,
  };
}

function countPassed(values: NumberRow, { lower, upper }: PassWindow): number | null {
  if (values.length === 0) return null;
  let passed = 0;
  for (const x of values) {
    if (Number.isNaN(x)) return null;
    if (x >= lower && x <= upper) passed++;
  }
  return passed;
}
