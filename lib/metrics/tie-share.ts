import { at, type NumberRow } from '@/lib/math/number-row';
import type { Explanation, Formula } from '@/lib/metrics/formula';
import { latexNumber } from '@/lib/metrics/latex-number';

export const tieShareFormula: Formula = {
  id: 'tieShare',
  label: 'Share of tied pairs',
  shortLabel: 'ties',
  range: [0, 1],
  unit: 'share',
  latex: '\\frac{n_1}{n_0}, \\quad n_1 = \\sum_g \\frac{u_g (u_g - 1)}{2}, \\quad n_0 = \\frac{N (N - 1)}{2}',
  source: {
    kind: 'publication',
    citation: 'Kendall. The treatment of ties in ranking problems. Biometrika 33(3), 1945',
    doi: '10.1093/biomet/33.3.239',
  },
  betterWhen: 'low',
  undefinedWhen: 'when the row has fewer than two entries',
};

/**
 * Share of a row's pairs that it leaves unordered: 0 when all values differ, 1 for a constant row.
 *
 *     n1 / n0,   n1 = sum over groups of u equal values of u (u - 1) / 2
 *
 * @param row [N]
 * @returns in [0, 1]; `null` for N < 2 or a row that holds NaN. O(N log N)
 */
export function tieShare(row: NumberRow): number | null {
  const pairs = tiedPairs(row);
  return pairs === null ? null : pairs.tied / pairs.total;
}

export function explainTieShare(row: NumberRow): Explanation {
  const pairs = tiedPairs(row);
  const tied = pairs?.tied ?? null;
  const total = pairs?.total ?? null;
  const result = tieShare(row);
  return {
    latex: `\\frac{${latexNumber(tied)}}{${latexNumber(total)}} = ${latexNumber(result)}`,
    terms: [
      { symbol: 'n_1', value: tied },
      { symbol: 'n_0', value: total },
    ],
    result,
  };
}

function tiedPairs(row: NumberRow): { readonly tied: number; readonly total: number } | null {
  if (row.length < 2) return null;
  const sorted = Float64Array.from(row).sort(); // ascending, NaN last
  if (Number.isNaN(at(sorted, sorted.length - 1))) return null;
  let tied = 0;
  let run = 0; // how many earlier places are equal to this one
  for (let place = 1; place < sorted.length; place++) {
    run = at(sorted, place) === at(sorted, place - 1) ? run + 1 : 0;
    tied += run;
  }
  return { tied, total: (sorted.length * (sorted.length - 1)) / 2 };
}
