import type { ReactNode } from 'react';

export interface Example {
  readonly id: string;
  /** `Pullover, sample 17`. */
  readonly name: string;
  readonly thumbnail: ReactNode;
}

export interface ExamplesProps {
  readonly label: string;
  readonly examples: readonly Example[];
  /** `null` when the picture is none of these. */
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

/** A strip of pictures to choose from. */
export function Examples(_props: ExamplesProps): ReactNode {
  return null;
}
