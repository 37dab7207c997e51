import type { ReactNode } from 'react';
import type { ModelId } from '@/lib/worker/protocol';

export interface ProbabilityRow {
  readonly model: ModelId;
  readonly label: string;
  /** [classes], summing to 1; `null` while the model has not run. */
  readonly probabilities: ArrayLike<number> | null;
}

export interface ProbabilityBarsProps {
  readonly rows: readonly ProbabilityRow[];
  readonly classNames: readonly string[];
  /** `null` for a picture of the visitor's own. */
  readonly trueClass: number | null;
  /** Whose probability the bars show; the true class, or what the teacher says where there is none. */
  readonly barClass: number;
  /** The models of the other panels; the rest are drawn quieter. */
  readonly emphasized?: readonly ModelId[];
  /** Rows in the list that opens. */
  readonly topCount?: number;
  /** Wraps a percentage, for the formula behind it. */
  readonly renderValue?: (row: ProbabilityRow, classIndex: number, text: string) => ReactNode;
}

/** What every model makes of the picture. */
export function ProbabilityBars(_props: ProbabilityBarsProps): ReactNode {
  return null;
}
