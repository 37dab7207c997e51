import type { ReactNode } from 'react';

export interface ScaleBadgeProps {
  readonly scale: 'locked' | 'per-head';
}

/** Says which scale the panes share, loudly where it hides what this app exists to show. */
export function ScaleBadge(_props: ScaleBadgeProps): ReactNode {
  return null;
}
