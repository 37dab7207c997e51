import type { ReactNode } from 'react';
import classes from './binarizers.module.css';

/** Marks the best of a measure by shape and word, not by colour alone. */
export function BestMark(): ReactNode {
  return (
    <span className={classes.best}>
      <svg width="11" height="11" viewBox="0 0 12 12" aria-hidden="true">
        <path d="M6 0.8L7.6 4.2L11.3 4.7L8.6 7.3L9.3 11L6 9.2L2.7 11L3.4 7.3L0.7 4.7L4.4 4.2Z" fill="currentColor" />
      </svg>
      <span className="lens-visually-hidden">best</span>
    </span>
  );
}
