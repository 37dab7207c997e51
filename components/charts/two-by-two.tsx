import type { ReactNode } from 'react';
import type { StudentId } from '@/lib/worker/protocol';

export interface Switches {
  readonly scaling: boolean;
  readonly ranking: boolean;
}

export interface TwoByTwoProps {
  readonly label: string;
  readonly names: { readonly [Id in StudentId]: string };
  /** Shares, 0..1; `null` where not measured. */
  readonly accuracies: { readonly [Id in StudentId]: number | null };
  readonly selected: Switches;
  readonly onSelect: (switches: Switches) => void;
}

/** The four students as control and result at once. */
export function TwoByTwo(_props: TwoByTwoProps): ReactNode {
  return null;
}
