'use client';

import { NumberInput, Slider } from '@mantine/core';
import { useId } from 'react';
import { CUSTOM_RANGES, type CUSTOM_SIZES } from '@/models/accounting/custom-config';
import classes from './cost.module.css';

interface SizeFieldProps {
  readonly size: (typeof CUSTOM_SIZES)[number];
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** One size of a model: to drag in steps, to type exactly. */
export function SizeField({ size, value, onChange }: SizeFieldProps) {
  const id = useId();
  const { name, min, max, step } = CUSTOM_RANGES[size];
  return (
    <div className={classes.size}>
      <span id={id}>{name}</span>
      <Slider
        min={min}
        max={max}
        step={step}
        label={null}
        size="sm"
        className={classes.slider}
        thumbProps={{ 'aria-labelledby': id }}
        value={value}
        onChange={onChange}
      />
      <NumberInput
        min={min}
        max={max}
        step={step}
        size="xs"
        aria-label={`${name}, ${min} to ${max}`}
        allowDecimal={size === 'mlpRatio'}
        value={value}
        onChange={(typed) => {
          // It is a string while it is being typed.
          if (typeof typed === 'number') onChange(typed);
        }}
      />
    </div>
  );
}
