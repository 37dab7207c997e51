import { Popover } from '@mantine/core';
import type { ReactNode } from 'react';
import { FormulaCard, type FormulaCardProps } from '@/components/ui/formula-card';
import { useHoverPin } from '@/components/ui/use-hover-pin';
import classes from './explained.module.css';

export interface ExplainedProps extends FormulaCardProps {
  /** The number as it stands in the text, `0.43`. */
  readonly value: string;
}

/** A number with its formula behind it: hover, focus or tap. */
export function Explained({ value, ...card }: ExplainedProps): ReactNode {
  const pin = useHoverPin();
  return (
    <Popover
      opened={pin.state !== 'closed'}
      onDismiss={pin.close}
      trapFocus={pin.state === 'pinned'}
      position="top"
      width={360}
      shadow="md"
      withArrow
      transitionProps={{ duration: 100 }}
    >
      <Popover.Target>
        <button type="button" className={classes.value} {...pin.target}>
          {value}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.card} {...pin.card}>
        <FormulaCard {...card} />
      </Popover.Dropdown>
    </Popover>
  );
}
