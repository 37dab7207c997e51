import type { ReactNode } from 'react';
import { Formula } from '@/components/ui/formula';
import classes from './formula-card.module.css';

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
export function FormulaCard({ title, latex, substituted, terms = [], source, note }: FormulaCardProps): ReactNode {
  return (
    <div className={classes.card}>
      <p className={classes.title}>{title}</p>
      <Formula latex={latex} display />
      {substituted !== undefined && (
        <div className={classes.substituted}>
          <Formula latex={substituted} display />
        </div>
      )}
      {terms.length > 0 && (
        <dl className={classes.terms}>
          {terms.map(({ symbol, value }) => (
            <div key={symbol} className={classes.term}>
              <dt>
                <Formula latex={symbol} />
              </dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {note !== undefined && <p className={classes.note}>{note}</p>}
      {source !== undefined && (
        <p className={classes.note}>
          {source.url === null ? (
            source.text
          ) : (
            <a href={source.url} target="_blank" rel="noreferrer">
              {source.text}
            </a>
          )}
        </p>
      )}
    </div>
  );
}
