import { binarizerEntry } from '@/lib/quantizers/binarizer-list';
import type { BinarizedRow } from '@/analyses/binarizers/protocol';
import type { ReactNode } from 'react';
import { paperUrl } from '@/components/analysis/paper-url';
import { Formula } from '@/components/ui/formula';
import classes from './binarizers.module.css';

/** All equations, one beneath the other, with their sources: forward first, then what training takes for the derivative. */
export function EquationList({ rows }: { readonly rows: readonly BinarizedRow[] }): ReactNode {
  return (
    <dl className={classes.equations}>
      {rows.map(({ id, name, equation, source, passNote }) => {
        const url = paperUrl(source);
        return (
          <div key={id}>
            <dt>
              {binarizerEntry(id).short}
              <span>{name}</span>
            </dt>
            <dd>
              {/* It scrolls where a phone has no room for it, so the keyboard has to reach it. */}
              <div
                className={classes.scroll}
                role="region"
                aria-label={`Equation of ${binarizerEntry(id).short}`}
                tabIndex={0}
              >
                {equationParts(equation).map((part) => (
                  <Formula key={part} latex={part} display />
                ))}
              </div>
              <p>
                {url === null ? (
                  source
                ) : (
                  <a href={url} target="_blank" rel="noreferrer">
                    {source}
                  </a>
                )}
                {passNote !== null && ` · Gradient share: ${passNote}`}
              </p>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** A record writes its parts on one line, set apart by `\\qquad`; each deserves a line of its own. */
export function equationParts(latex: string): readonly string[] {
  return latex.split(/,\s*\\qquad\s*/);
}
