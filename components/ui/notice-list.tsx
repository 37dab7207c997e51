import type { ReactNode } from 'react';

export interface Notice {
  readonly id: string;
  /** An `error` interrupts a screen reader, the others wait. */
  readonly kind: 'error' | 'warning' | 'info' | 'success';
  readonly text: ReactNode;
  readonly action?: { readonly label: string; readonly onClick: () => void };
}

export interface NoticeListProps {
  readonly notices: readonly Notice[];
  readonly onDismiss: (id: string) => void;
}

/** What went wrong and what can be done. */
export function NoticeList(_props: NoticeListProps): ReactNode {
  return null;
}
