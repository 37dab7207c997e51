import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './panels.module.css';

interface ReservedProps {
  /** Whether what the children show is real. */
  readonly ready: boolean;
  /** What is awaited: `attention of the student`. */
  readonly label: string;
  /** While not ready: the same elements over placeholder data, so that they take the room that the real ones will. */
  readonly children: ReactNode;
}

/** Keeps the room of something that is not here yet, so that nothing jumps when it comes. */
export function Reserved({ ready, label, children }: ReservedProps) {
  if (ready) return <div className={classes.reserved}>{children}</div>;
  return (
    <div className={classes.reserved}>
      <div className={classes.hidden} aria-hidden="true" inert>
        {children}
      </div>
      <Skeleton className={classes.cover} />
      <span className="lens-visually-hidden">Waiting for {label}.</span>
    </div>
  );
}
