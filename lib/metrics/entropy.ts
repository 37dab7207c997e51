import { type NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';
import { distribution } from '@/lib/metrics/mass';

export const entropyFormula: Formula = {
  id: 'entropy',
  label: 'Normalized entropy',
  shortLabel: 'entropy',
  range: [0, 1],
  unit: 'share',
  latex: 'H(p) = -\\frac{1}{\\ln N} \\sum_j p_j \\ln p_j',
  source: {
    kind: 'publication',
    citation: 'Shannon. A mathematical theory of communication. Bell System Technical Journal 27(3), 1948',
    doi: '10.1002/j.1538-7305.1948.tb01338.x',
  },
  betterWhen: 'low',
  undefinedWhen: 'when the row has no mass, a negative entry, or a single entry',
};

/**
 * Entropy of a row as a share of the largest possible: 0 looks at one key, 1 looks everywhere alike.
 *
 *     -sum_j p_j ln p_j / ln N,   p the row renormalized to sum 1
 *
 * @param row [N], non-negative
 * @returns in [0, 1]; `null` when the row has no mass, a negative entry, one that is not finite, or N < 2 (ln 1 = 0)
 */
export function entropy(row: NumberRow): number | null {
  const nats = entropyNats(row);
  if (nats === null || row.length < 2) return null;
  return Math.min(1, nats / Math.log(row.length));
}

export function explainEntropy(row: NumberRow): Explanation {
  const nats = entropyNats(row);
  const largest = Math.log(row.length);
  const result = entropy(row);
  return {
    latex: `\\frac{${latexNumber(nats)}}{\\ln ${row.length}} = \\frac{${latexNumber(nats)}}{${latexNumber(largest)}} = ${latexNumber(result)}`,
    terms: [
      { symbol: '-\\sum_j p_j \\ln p_j', value: nats },
      { symbol: '\\ln N', value: largest },
    ],
    result,
  };
}

/** Entropy in nats, in [0, ln N]; `null` where the row is no distribution. */
function entropyNats(row: NumberRow): number | null {
  const shares = distribution(row);
  if (shares === null) return null;
  let sum = 0;
  for (const p of shares) if (p > 0) sum -= p * Math.log(p);
  return Math.max(0, sum); // also turns the -0 of a one-hot row into 0
}
