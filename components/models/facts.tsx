import type { ReactNode } from 'react';
import classes from './models.module.css';

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
  /** Where it comes from, quieter. */
  readonly source?: string;
}

/** Names and values in two columns. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className={classes.facts}>
      {facts.map(({ name, value, source }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            {source !== undefined && <span className={classes.source}> {source}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
