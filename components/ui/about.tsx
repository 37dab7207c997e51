import { useId, useState, type ReactNode } from 'react';
import { FormulaCard } from '@/components/ui/formula-card';
import classes from './about.module.css';

export interface AboutFormula {
  readonly label: string;
  readonly latex: string;
  readonly source: { readonly text: string; readonly url: string | null };
  /** What the symbols stand for, or where it is undefined. */
  readonly note?: ReactNode;
}

export interface AboutProps {
  /** None: the sentences stand alone. */
  readonly formulas?: readonly AboutFormula[];
  /** Two sentences for someone who knows only ViTs. */
  readonly children: ReactNode;
}

/** What a panel shows, in two sentences; its formulas with their sources open beneath. */
export function About({ formulas = [], children }: AboutProps): ReactNode {
  const [open, setOpen] = useState(false);
  const listId = useId();
  const name = formulas.length === 1 ? 'formula' : 'formulas';
  return (
    <div className={classes.about}>
      <p className={classes.text}>
        {children}
        {formulas.length > 0 && (
          <>
            {' '}
            <button
              type="button"
              className={classes.toggle}
              aria-expanded={open}
              aria-controls={listId}
              onClick={() => setOpen(!open)}
            >
              {open ? `Hide the ${name}` : `Show the ${name}`}
            </button>
          </>
        )}
      </p>
      <div id={listId} className={classes.formulas} hidden={!open}>
        {/* KaTeX loads with the first formula that is drawn, so a closed list draws none. */}
        {open &&
          formulas.map(({ label, latex, source, note }) => (
            <div key={label} className={classes.formula}>
              <FormulaCard title={label} latex={latex} source={source} {...(note === undefined ? {} : { note })} />
            </div>
          ))}
      </div>
    </div>
  );
}
