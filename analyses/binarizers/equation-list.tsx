import type { ReactNode } from 'react';
import { paperUrl } from '@/components/analysis/paper-url';
import { Formula } from '@/components/ui/formula';
import { binarizerRecord, type BinarizerId } from '@/lib/quantizers/attention/records';
import classes from './binarizers.module.css';

/** All equations with their sources: forward first, then the derivative that training uses. */
export function EquationList({ ids }: { readonly ids: readonly BinarizerId[] }): ReactNode {
  return (
    <dl className={classes.equations}>
      {ids.map((id) => {
        const { name, short, equation, source, passNote } = binarizerRecord(id);
        const url = paperUrl(source);
        return (
          <div key={id}>
            <dt>
              {short}
              <span>{name}</span>
            </dt>
            <dd>
              {/* It scrolls on a phone, so the keyboard has to reach it. */}
              <div className={classes.scroll} role="region" aria-label={`Equation of ${short}`} tabIndex={0}>
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

/** Forward and derivative, which a record separates by `\\qquad`. */
export function equationParts(latex: string): readonly string[] {
  return latex.split(/,\s*\\qquad\s*/);
}
