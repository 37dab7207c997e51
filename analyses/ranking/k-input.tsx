import { NumberInput } from '@mantine/core';
import { typedNumber } from '@/components/ui/typed-number';
import classes from './ranking.module.css';

const K_RANGE = { min: 1, max: 10 } as const;

interface KInputProps {
  readonly k: number;
  readonly onChange: (k: number) => void;
}

/** How many keys count as the top of a row; one number for the whole tab. */
export function KInput({ k, onChange }: KInputProps) {
  return (
    <label className={classes.k}>
      <span>top</span>
      <NumberInput
        {...K_RANGE}
        size="xs"
        w={64}
        aria-label={`How many keys count as the top of a row, ${K_RANGE.min} to ${K_RANGE.max}`}
        value={k}
        allowDecimal={false}
        clampBehavior="strict"
        onChange={typedNumber(K_RANGE, onChange)}
      />
    </label>
  );
}
