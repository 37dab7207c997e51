import type { ReactNode } from 'react';

export interface FormulaProps {
  readonly latex: string;
  /** On a line of its own. */
  readonly display?: boolean;
}

/** A formula, set by KaTeX as soon as that has loaded. */
export function Formula(props: FormulaProps): ReactNode {
  return <code>{props.latex}</code>;
}
