import { NumberInput, Slider } from '@mantine/core';
import { useId } from 'react';
import { typedNumber } from '@/components/ui/typed-number';
import { RECIPE_MARGIN } from '@/lib/metrics/ranking-hinge';
import { formatNumber } from '@/lib/viz/format';
import classes from './ranking.module.css';

export const MARGIN_RANGE = { min: 0, max: 2, step: 0.05 } as const;

interface MarginInputProps {
  readonly margin: number;
  readonly onChange: (margin: number) => void;
}

/** The margin m, by slider or typed; the mark is what the embedded students were trained with. */
export function MarginInput({ margin, onChange }: MarginInputProps) {
  const captionId = useId();
  return (
    <div className={classes.margin}>
      <span id={captionId} className={classes.caption}>
        Margin m
      </span>
      <Slider
        {...MARGIN_RANGE}
        label={null}
        thumbProps={{ 'aria-labelledby': captionId }}
        marks={[{ value: RECIPE_MARGIN, label: `${formatNumber(RECIPE_MARGIN)}, as trained` }]}
        value={margin}
        onChange={onChange}
      />
      <NumberInput
        {...MARGIN_RANGE}
        size="xs"
        aria-label={`Margin m, ${MARGIN_RANGE.min} to ${MARGIN_RANGE.max}`}
        value={margin}
        decimalScale={3}
        clampBehavior="strict"
        onChange={typedNumber(MARGIN_RANGE, onChange)}
      />
    </div>
  );
}
