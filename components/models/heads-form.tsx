'use client';

import { Button, NumberInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import classes from './models.module.css';

export interface HeadsFormProps {
  /** `null` where nothing is assumed. */
  readonly present: number | null;
  /** Channels of a token, which heads share evenly; `null` where it is not known. */
  readonly width: number | null;
  /** Why it is asked. */
  readonly reason: string;
  readonly onState: (numHeads: number) => void;
}

/** How many heads the layers of a checkpoint have, which shapes do not tell. */
export function HeadsForm({ present, width, reason, onState }: HeadsFormProps): ReactNode {
  const [typed, setTyped] = useState<number | null>(present);
  const divides = typed === null || width === null || (typed >= 1 && width % typed === 0);
  return (
    <form
      className={classes.field}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed !== null && divides) onState(typed);
      }}
    >
      <NumberInput
        size="xs"
        label="Heads of each layer"
        description={reason}
        min={1}
        max={64}
        allowDecimal={false}
        value={typed ?? ''}
        onChange={(value) => setTyped(typeof value === 'number' ? value : null)}
        error={!divides && `The width, ${width}, must be a multiple of it.`}
      />
      <Button type="submit" size="xs" variant="default" disabled={typed === null || !divides || typed === present}>
        Set
      </Button>
    </form>
  );
}
