'use client';

import { ALPHA_RANGE } from '@/analyses/gradient/protocol';
import { Button, NumberInput, Slider } from '@mantine/core';
import { useId } from 'react';
import { roundedAlpha } from '@/analyses/gradient/microscope-row';
import { typedNumber } from '@/components/ui/typed-number';
import { formatNumber } from '@/lib/viz/format';
import classes from './microscope.module.css';

export interface AlphaControlProps {
  readonly alpha: number;
  readonly onChange: (alpha: number) => void;
  /** Where most gradient arrives at the scores; `null` where none does at any alpha. */
  readonly optimum: number | null;
}

const DECADES = [-2, -1, 0, 1, 2].map((value) => ({ value, label: formatNumber(10 ** value) }));

/** Alpha over four decades: to drag, to type, back to 1, and to where most gradient gets through. */
export function AlphaControl({ alpha, onChange, optimum }: AlphaControlProps) {
  const id = useId();
  return (
    <div className={classes.alpha}>
      <span id={id} className={classes.alphaLabel}>
        α, multiplied into the scores
      </span>
      <Slider
        className={classes.slider}
        min={Math.log10(ALPHA_RANGE.min)}
        max={Math.log10(ALPHA_RANGE.max)}
        step={0.01}
        marks={DECADES}
        label={null}
        size="sm"
        thumbProps={{ 'aria-labelledby': id, 'aria-valuetext': `α = ${formatNumber(alpha)}` }}
        value={Math.log10(alpha)}
        onChange={(exponent) => onChange(roundedAlpha(10 ** exponent, ALPHA_RANGE))}
      />
      <NumberInput
        className={classes.number}
        size="xs"
        aria-label={`α, ${formatNumber(ALPHA_RANGE.min)} to ${formatNumber(ALPHA_RANGE.max)}`}
        min={ALPHA_RANGE.min}
        max={ALPHA_RANGE.max}
        step={0.1}
        decimalScale={4}
        value={alpha}
        onChange={typedNumber(ALPHA_RANGE, onChange)}
      />
      <div className={classes.buttons}>
        <Button size="compact-sm" variant="default" disabled={alpha === 1} onClick={() => onChange(ALPHA_RANGE.start)}>
          Reset to 1
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={optimum === null}
          onClick={() => optimum !== null && onChange(roundedAlpha(optimum, ALPHA_RANGE))}
        >
          Go to the optimum
        </Button>
      </div>
    </div>
  );
}
