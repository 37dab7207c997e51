import type { ReactNode } from 'react';
import classes from './scale-badge.module.css';

export interface ScaleBadgeProps {
  readonly scale: 'locked' | 'per-head';
  /** What each has a scale of its own where it is not locked; `head` by default. */
  readonly per?: 'head' | 'model';
}

/** Says which scale the panes share, loudly where it hides what this app exists to show. */
export function ScaleBadge({ scale, per = 'head' }: ScaleBadgeProps): ReactNode {
  const locked = scale === 'locked';
  return (
    <span className={classes.badge} data-scale={scale}>
      <svg
        width="13"
        height="13"
        viewBox="0 0 13 13"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        aria-hidden="true"
      >
        <path
          d={
            locked ? 'M2.5 6H10.5V11.5H2.5ZM4.2 6V4A2.3 2.3 0 0 1 8.8 4V6' : 'M6.5 1.5L12 11.5H1ZM6.5 5V8M6.5 9.3V10.1'
          }
          strokeLinejoin="round"
        />
      </svg>
      {locked ? 'one scale for all panes' : `normalized per ${per}: hides distortion`}
    </span>
  );
}
