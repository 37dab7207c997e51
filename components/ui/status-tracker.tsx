import type { ReactNode } from 'react';

export type StatusPhase = 'idle' | 'loading' | 'running' | 'ready' | 'error';

export interface StatusTrackerProps {
  readonly phase: StatusPhase;
  /** `ready`, `loading Bi-ViT`. */
  readonly text: string;
  /** 0..1; `null` while under way without a known end; left out when nothing is under way. */
  readonly progress?: number | null;
  readonly onCancel?: () => void;
  /** `backend: wasm`, `forward: 12 ms`. */
  readonly facts?: readonly { readonly name: string; readonly value: ReactNode }[];
}

/** What the engine does now. */
export function StatusTracker(_props: StatusTrackerProps): ReactNode {
  return null;
}
