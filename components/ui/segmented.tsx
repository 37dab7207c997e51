import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './segmented.module.css';

export interface SegmentedOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly disabled?: boolean;
}

export interface SegmentedProps<Value extends string> {
  /** What is chosen; spoken, not shown. */
  readonly label: string;
  /** In full, values that are their own labels, or labels by value. */
  readonly options: readonly (Value | SegmentedOption<Value>)[] | { readonly [V in Value]: string };
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly fullWidth?: boolean;
}

const CLASS_NAMES = {
  root: classes.root,
  control: classes.control,
  indicator: classes.indicator,
  label: classes.label,
};

/** One of a few words: a compact group of radio buttons. */
export function Segmented<Value extends string>({ label, options, ...rest }: SegmentedProps<Value>): ReactNode {
  const isList = (given: typeof options): given is readonly (Value | SegmentedOption<Value>)[] => Array.isArray(given);
  const data = isList(options)
    ? options.map((option) => (typeof option === 'string' ? option : { ...option }))
    : Object.entries<string>(options).map(([value, text]) => ({ value: value as Value, label: text }));
  return <SegmentedControl<Value> aria-label={label} size="xs" data={data} classNames={CLASS_NAMES} {...rest} />;
}
