import { metricCard } from '@/components/panels/metric-card';
import { largestDifference, type MicroscopeRow } from '@/components/panels/gradient/microscope-row';
import { Explained } from '@/components/ui/explained';
import type { Formula } from '@/lib/metrics/formula';
import type { CurvePeak, SoftmaxMicroscope } from '@/lib/metrics/softmax-microscope';
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
  readonly alpha: number;
  readonly optimum: CurvePeak | null;
  readonly where: string;
}

/** The row in four numbers, and how they stand to what the worker recorded. */
export function MicroscopeNumbers({ seen, row, alpha, optimum, where }: MicroscopeNumbersProps) {
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
      <p className={classes.check}>{remark(seen, row, alpha, optimum)}</p>
    </div>
  );
}

/** One sentence or two, of fixed room. */
export function remark(
  seen: Pick<SoftmaxMicroscope, 'gradScores' | 'gradScoresNorm' | 'deadShare'>,
  { gradScores, gradAttention }: Pick<MicroscopeRow, 'gradScores' | 'gradAttention'>,
  alpha: number,
  optimum: CurvePeak | null,
): string {
  if (gradAttention.every((slope) => slope === 0)) {
    return 'No gradient arrives at this row from above: every entry of ∂L/∂p is exactly 0, so no α can help it.';
  }
  if (alpha === 1) {
    const difference = largestDifference(seen.gradScores, gradScores);
    return `α = 1 is the model itself: ∂L/∂z agrees with the recorded ∂L/∂(scores); largest difference of an entry, measured here: ${formatNumber(difference, 2)}.`;
  }
  if (optimum === null) return 'No gradient gets through at any α.';
  return `At α = ${formatNumber(alpha)}, ${formatPercent(seen.gradScoresNorm / optimum.value, 0)} of the |∂L/∂z| at the optimum gets through; the optimum of this row is α = ${formatNumber(optimum.alpha)}.`;
}
