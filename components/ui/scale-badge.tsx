import type { ReactNode } from 'react';
import { Icon } from '@/components/ui/icon';
import classes from './scale-badge.module.css';

export interface ScaleBadgeProps {
  readonly scale: 'locked' | 'per-head';
  /** What has a scale of its own where it is not locked. */
  readonly per?: 'head' | 'model';
}

const LOCK = 'M2.5 6H10.5V11.5H2.5ZM4.2 6V4A2.3 2.3 0 0 1 8.8 4V6';
const WARNING = 'M6.5 1.5L12 11.5H1ZM6.5 5V8M6.5 9.3V10.1';

/** Says which scale the panes share, loudly where it hides the distortion that this app is about. */
export function ScaleBadge({ scale, per = 'head' }: ScaleBadgeProps): ReactNode {
  const locked = scale === 'locked';
  return (
    <span className={classes.badge} data-scale={scale}>
      <Icon size={13} path={locked ? LOCK : WARNING} />
      {locked ? 'one scale for all panes' : `normalized per ${per}: hides distortion`}
    </span>
  );
}
