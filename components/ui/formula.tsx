import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useKatex } from '@/components/ui/use-katex';
import classes from './formula.module.css';

export interface FormulaProps {
  readonly latex: string;
  /** On a line of its own, which scrolls where there is no room for it. */
  readonly display?: boolean;
}

/** A formula, set by KaTeX as soon as that has loaded; its LaTeX until then. */
export function Formula({ latex, display = false }: FormulaProps): ReactNode {
  const render = useKatex();
  const html = useMemo(() => (render === null ? null : { __html: render(latex, display) }), [render, latex, display]);
  const line = useRef<HTMLSpanElement>(null);
  const scrolls = useScrolls(line, display && html !== null);
  if (html === null) return <code className={classes.source}>{latex}</code>;
  return (
    <span
      ref={line}
      className={classes.formula}
      data-display={display}
      // What scrolls must be reached by the keyboard too.
      {...(scrolls ? { tabIndex: 0, role: 'group', 'aria-label': 'formula, scrolls sideways' } : {})}
      dangerouslySetInnerHTML={html}
    />
  );
}

/** Whether the element is wider inside than outside, now and whenever its width changes. */
function useScrolls(element: { readonly current: HTMLElement | null }, isDrawn: boolean): boolean {
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (current === null || !isDrawn) return undefined;
    const observer = new ResizeObserver(() => setScrolls(current.scrollWidth > current.clientWidth));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, isDrawn]);
  return scrolls;
}
