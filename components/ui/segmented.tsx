import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './segmented.module.css';

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
export function Segmented<Value extends string>(props: SegmentedProps<Value>): ReactNode {
  const { label, options, value, onChange, fullWidth = false, disabled = false } = props;
  return (
    <SegmentedControl<Value>
      aria-label={label}
      size="xs"
      data={options.map((option) => ({ ...option }))}
      value={value}
      onChange={onChange}
      fullWidth={fullWidth}
      disabled={disabled}
      classNames={{
        root: classes.root,
        control: classes.control,
        indicator: classes.indicator,
        label: classes.label,
      }}
    />
  );
}
