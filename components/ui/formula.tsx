import { useMemo, type ReactNode } from 'react';
import { useKatex } from '@/components/ui/use-katex';
import classes from './formula.module.css';

export interface FormulaProps {
  readonly latex: string;
  /** On a line of its own. */
  readonly display?: boolean;
}

/** A formula, set by KaTeX as soon as that has loaded; its LaTeX until then. */
export function Formula({ latex, display = false }: FormulaProps): ReactNode {
  const render = useKatex();
  const html = useMemo(() => (render === null ? null : { __html: render(latex, display) }), [render, latex, display]);
  if (html === null) return <code className={classes.source}>{latex}</code>;
  return <span className={classes.formula} data-display={display} dangerouslySetInnerHTML={html} />;
}
