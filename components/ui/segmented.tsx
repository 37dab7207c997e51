import type { ReactNode } from 'react';

export interface SegmentedOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly disabled?: boolean;
}

export interface SegmentedProps<Value extends string> {
  /** What is chosen here; spoken, not shown. */
  readonly label: string;
  readonly options: readonly SegmentedOption<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly fullWidth?: boolean;
  readonly disabled?: boolean;
}

/** One of a few words, compact. */
export function Segmented<Value extends string>(_props: SegmentedProps<Value>): ReactNode {
  return null;
}
