import { memo } from 'react';
import { metricCard } from '@/components/analysis/metric-card';
import { largestDifference, type MicroscopeRow } from '@/analyses/gradient/microscope-row';
import { Explained } from '@/components/ui/explained';
import type { Formula } from '@/lib/metrics/formula';
import type { CurvePeak, SoftmaxCurve, SoftmaxMicroscope } from '@/lib/metrics/softmax-microscope';
import {
  deadShareFormula,
  jacobianNormFormula,
  rowGradientFormula,
  scaledJacobianNormFormula,
} from '@/lib/metrics/softmax-microscope-formulas';
import { formatNumber, formatPercent } from '@/lib/viz/format';
import classes from './microscope.module.css';

export interface MicroscopeNumbersProps {
  readonly seen: SoftmaxMicroscope;
  readonly row: MicroscopeRow;
  readonly curve: SoftmaxCurve;
  readonly alpha: number;
  /** Whether the most gets through at the end of the range only. */
  readonly isAtEnd: boolean;
  readonly where: string;
}

/** The row in four numbers, and how they stand to what the worker recorded. */
export const MicroscopeNumbers = memo(function MicroscopeNumbers(props: MicroscopeNumbersProps) {
  const { seen, row, curve, alpha, isAtEnd, where } = props;
  const numbers: readonly { readonly formula: Formula; readonly symbol: string; readonly text: string }[] = [
    { formula: jacobianNormFormula, symbol: '‖J‖', text: formatNumber(seen.jacobianNorm) },
    { formula: scaledJacobianNormFormula, symbol: '‖αJ‖', text: formatNumber(seen.scaledJacobianNorm) },
    { formula: rowGradientFormula, symbol: '|∂L/∂z|', text: formatNumber(seen.gradScoresNorm) },
    { formula: deadShareFormula, symbol: 'dead share', text: formatPercent(seen.deadShare) },
  ];
  return (
    <div className={classes.numbers}>
      <dl className={classes.list}>
        {numbers.map(({ formula, symbol, text }) => (
          <div key={symbol}>
            <dt>{symbol}</dt>
            <dd>
              <Explained {...metricCard(formula, null, `${where}, α = ${formatNumber(alpha)}.`)} value={text} />
            </dd>
          </div>
        ))}
      </dl>
      <p className={classes.check}>{remark(seen, row, alpha, curve, isAtEnd)}</p>
    </div>
  );
});

/** What the numbers say, in a sentence or two. */
export function remark(
  seen: Pick<SoftmaxMicroscope, 'gradScores' | 'gradScoresNorm'>,
  row: MicroscopeRow,
  alpha: number,
  curve: Pick<SoftmaxCurve, 'alphas' | 'deadShares' | 'gradScoresPeak'>,
  isAtEnd: boolean,
): string {
  if (row.gradAttention.every((slope) => slope === 0)) {
    return 'No gradient arrives at this row from above: every entry of ∂L/∂p is exactly 0, so no α can help it.';
  }
  const peak = curve.gradScoresPeak;
  const best = peak === null ? 'No gradient gets through at any α.' : bestAlpha(row, peak, isAtEnd);
  if (alpha === 1) {
    const difference = formatNumber(largestDifference(seen.gradScores, row.gradScores), 2);
    return `α = 1 is the model itself, so ∂L/∂z must be the recorded ∂L/∂(scores): no entry differs by more than ${difference}, measured here. ${best}`;
  }
  if (peak === null) return best;
  const share = someOf(seen.gradScoresNorm / peak.value);
  return `At α = ${formatNumber(alpha)}, |∂L/∂z| is ${share} of its largest. ${best} ${fewestDead(curve)}`;
}

/** What is small is not nothing: `0 %` is said of a true zero alone. */
function someOf(share: number): string {
  return share > 0 && share < 0.005 ? `less than ${formatPercent(0.01, 0)}` : formatPercent(share, 0);
}

function bestAlpha({ scores }: MicroscopeRow, { alpha }: CurvePeak, isAtEnd: boolean): string {
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const tied = scores.filter((score) => score === largest).length;
  if (isAtEnd) {
    const still = `It still grows at the end of the range, α = ${formatNumber(alpha)}`;
    return tied > 1
      ? `${still}: ${tied} keys tie for the largest score, so no α makes this row decide for one.`
      : `${still}.`;
  }
  const above =
    tied > 1 ? `only the ${tied} keys that tie for the largest score keep a share` : 'the row decides for one key';
  return `Most gets through at α = ${formatNumber(alpha)}: below it the factor α itself is small, above it ${above}.`;
}

/** The largest gradient may reach few keys: where the most keys learn is another question. */
function fewestDead({ alphas, deadShares }: Pick<SoftmaxCurve, 'alphas' | 'deadShares'>): string {
  const known = deadShares.flatMap((share, index) => (share === null ? [] : [{ share, alpha: alphas[index] }]));
  const first = known[0];
  if (first === undefined) return '';
  const { share, alpha } = known.reduce((least, point) => (point.share < least.share ? point : least), first);
  return `The fewest keys are dead, ${formatPercent(share, 0)}, at α = ${formatNumber(alpha)}.`;
}
