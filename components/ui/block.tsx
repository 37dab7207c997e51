import type { ReactNode } from 'react';

export interface BlockProps {
  readonly title: string;
  /** After the title, quieter: `layer 3, head 2`. */
  readonly detail?: ReactNode;
  /** Controls at the right of the title. */
  readonly actions?: ReactNode;
  /** A sentence beneath the content. */
  readonly help?: ReactNode;
  /** Heading level, 2 by default. */
  readonly order?: 2 | 3 | 4;
  readonly id?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled card. */
export function Block(_props: BlockProps): ReactNode {
  return null;
}
