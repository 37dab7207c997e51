import type { ReactNode } from 'react';

export interface FormulaTerm {
  /** LaTeX. */
  readonly symbol: string;
  /** Already formatted. */
  readonly value: string;
}

export interface FormulaCardProps {
  readonly title: string;
  /** The definition, LaTeX. */
  readonly latex: string;
  /** The definition with its values put in, LaTeX. */
  readonly substituted?: string;
  readonly terms?: readonly FormulaTerm[];
  readonly source?: { readonly text: string; readonly url: string | null };
  /** Of which rows, in which model, ... */
  readonly note?: ReactNode;
}

/** A formula, the values in it, and where it comes from. */
export function FormulaCard(_props: FormulaCardProps): ReactNode {
  return null;
}
