import type { ReactNode } from 'react';
import classes from './cost.module.css';

export interface RatioProps {
  readonly kind: string;
  readonly value: string;
  /** Of what it is, right beneath it. */
  readonly note: string;
  readonly children: ReactNode;
}

/** A number that is easily taken for another one, with what it is. */
export function Ratio({ kind, value, note, children }: RatioProps): ReactNode {
  return (
    <div className={classes.ratio}>
      <h3 className={classes.kind}>{kind}</h3>
      <p className={`lens-numbers ${classes.big ?? ''}`}>{value}</p>
      <p className={classes.of}>{note}</p>
      {children}
    </div>
  );
}
