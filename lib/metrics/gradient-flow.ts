import { maxAbs } from '@/lib/math/max-abs';
import { at, type NumberRow } from '@/lib/math/number-row';
import type { Formula } from '@/lib/metrics/formula';
import { softmaxSlope } from '@/lib/metrics/softmax-slope';
import { stePassShare, type PassWindow } from '@/lib/metrics/ste-pass-share';

/** What one head lets through; `null` where the quantity is undefined (full precision has no quantizer to pass). */
export interface HeadFlow {
  /** Euclidean norms over the whole head. 0 is a true zero: nothing arrives. */
  readonly gradScores: number;
  readonly gradAttention: number;
  /** dL/d(binarized attention), before its quantizer's backward pass. */
  readonly gradAttentionBinary: number | null;
  /** At q as it enters its quantizer. */
  readonly gradQ: number;
  /** Share of entries inside the straight-through window of each quantizer. */
  readonly passShare: {
    readonly q: number | null;
    readonly k: number | null;
    readonly v: number | null;
    readonly attention: number | null;
  };
  /** Mean of p(1 - p) over the head. */
  readonly softmaxSlope: number | null;
}

/** What of a loss's gradient gets through one head of attention, counted on the way back: from the binarized map to the queries. */

function normFormula(id: string, label: string, shortLabel: string, symbol: string, note: string): Formula {
  return {
    id,
    label,
    shortLabel,
    range: [0, null],
    unit: 'number',
    latex: `\\left\\lVert \\frac{\\partial \\mathcal{L}}{\\partial ${symbol}} \\right\\rVert_2 = \\sqrt{\\sum_{ij} \\left(\\frac{\\partial \\mathcal{L}}{\\partial ${symbol}_{ij}}\\right)^{2}}`,
    source: { kind: 'derived', note },
    betterWhen: 'high',
    undefinedWhen: 'when no gradients were traced',
  };
}

export const gradScoresFormula = normFormula(
  'gradScores',
  'Gradient at the scores',
  '‖∂L/∂z‖',
  'z',
  'Euclidean norm over the N × N scores of one head: what is left of the gradient behind the attention’s binarizer and the softmax.',
);

export const gradAttentionFormula = normFormula(
  'gradAttention',
  'Gradient at the attention',
  '‖∂L/∂p‖',
  'p',
  'Euclidean norm over the N × N softmaxed attention of one head: what is left behind the attention’s binarizer.',
);

export const gradAttentionBinaryFormula = normFormula(
  'gradAttentionBinary',
  'Gradient at the binarized attention',
  '‖∂L/∂p̂‖',
  '\\hat p',
  'Euclidean norm over the N × N binarized attention of one head: what arrives at its binarizer.',
);

export const gradQFormula = normFormula(
  'gradQ',
  'Gradient at the queries',
  '‖∂L/∂q‖',
  'q',
  'Euclidean norm over the N × D queries of one head as they enter their quantizer: what is left behind it.',
);

/**
 * Euclidean norm of a gradient: sqrt(sum x^2), in float64.
 *
 * The largest magnitude is divided out first, so that no square overflows or vanishes.
 *
 * @param gradient of any shape, flat
 * @returns 0 exactly where every entry is 0; NaN where one is NaN
 */
export function gradientNorm(gradient: NumberRow): number {
  const largest = maxAbs(gradient);
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += (at(gradient, i) / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** One head of one layer, as a trace with gradients holds it. */
export interface HeadPasses {
  /** As they enter their quantizers. */
  readonly inputs: {
    readonly q: NumberRow; // [N, D]
    readonly k: NumberRow; // [N, D]
    readonly v: NumberRow; // [N, D]
    readonly attention: NumberRow; // [N, N]
  };
  /** Of those quantizers; `null` where there is none. */
  readonly windows: { readonly [Place in 'q' | 'k' | 'v' | 'attention']: PassWindow | null };
  readonly gradScores: NumberRow; // [N, N]
  readonly gradAttention: NumberRow; // [N, N]
  /** `null` in full precision. */
  readonly gradAttentionBinary: NumberRow | null; // [N, N]
  readonly gradQ: NumberRow; // [N, D]
}

/** What gets through a head; O(N^2). Pass shares are `null` where there is no quantizer to pass. */
export function headFlow({ inputs, windows, ...gradients }: HeadPasses): HeadFlow {
  const share = (place: keyof HeadPasses['inputs']): number | null => {
    const window = windows[place];
    return window === null ? null : stePassShare(inputs[place], window);
  };
  const { gradScores, gradAttention, gradAttentionBinary, gradQ } = gradients;
  return {
    gradScores: gradientNorm(gradScores),
    gradAttention: gradientNorm(gradAttention),
    gradAttentionBinary: gradAttentionBinary === null ? null : gradientNorm(gradAttentionBinary),
    gradQ: gradientNorm(gradQ),
    passShare: { q: share('q'), k: share('k'), v: share('v'), attention: share('attention') },
    softmaxSlope: softmaxSlope(inputs.attention),
  };
}
