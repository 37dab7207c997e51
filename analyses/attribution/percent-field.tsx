'use client';

import { NumberInput, Slider } from '@mantine/core';
import { useId } from 'react';
import { typedNumber } from '@/components/ui/typed-number';
import classes from './percent-field.module.css';

interface PercentFieldProps {
  readonly label: string;
  /** 0..1. */
  readonly share: number;
  readonly onChange: (share: number) => void;
}

/** A share to drag or to type, in per cent. */
export function PercentField({ label, share, onChange }: PercentFieldProps) {
  const id = useId();
  const percent = Math.round(100 * share);
  const range = { min: 0, max: 100, step: 1 } as const;
  return (
    <div className={classes.field}>
      <span id={id} className={classes.label}>
        {label}
      </span>
      <Slider
        {...range}
        className={classes.slider}
        label={null}
        size="sm"
        thumbProps={{ 'aria-labelledby': id, 'aria-valuetext': `${percent} percent` }}
        value={percent}
        onChange={(value) => onChange(value / 100)}
      />
      <NumberInput
        {...range}
        size="xs"
        aria-label={`${label}, per cent`}
        suffix=" %"
        allowDecimal={false}
        clampBehavior="strict"
        value={percent}
        onChange={typedNumber(range, (value) => onChange(value / 100))}
      />
    </div>
  );
}
