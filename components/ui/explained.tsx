import type { ReactNode } from 'react';
import type { FormulaCardProps } from '@/components/ui/formula-card';

export interface ExplainedProps extends FormulaCardProps {
  /** The number as it stands in the text, `0.43`. */
  readonly value: string;
}

/** A number with its formula behind it: hover, focus or tap. */
export function Explained(_props: ExplainedProps): ReactNode {
  return null;
}
