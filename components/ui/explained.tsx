import { useId, useRef, type ReactNode } from 'react';
import { FormulaCard, type FormulaCardProps } from '@/components/ui/formula-card';
import { HoverCard, useHoverCard } from '@/components/ui/hover-card';
import classes from './explained.module.css';

export interface ExplainedProps extends FormulaCardProps {
  /** The number as it stands in the text, `0.43`. */
  readonly value: string;
}

/**
 * A number with its formula behind it. The card passes with the pointer or the focus; click, tap or Enter pins it: then it takes the focus
 * and stays until dismissed.
 */
export function Explained({ value, ...formula }: ExplainedProps): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  // The focus that comes back from a closed card must not open it again.
  const returning = useRef(false);
  const id = useId();
  const card = useHoverCard<'passing' | 'pinned'>((state) => {
    if (state === 'passing') return;
    returning.current = true;
    button.current?.focus();
    returning.current = false;
  });
  const isPinned = card.value === 'pinned';
  return (
    <>
      <button
        ref={button}
        type="button"
        className={classes.value}
        aria-haspopup="dialog"
        aria-expanded={card.value !== null}
        aria-controls={card.value === null ? undefined : id}
        onMouseEnter={() => !isPinned && card.openSoon('passing')}
        onMouseLeave={() => !isPinned && card.closeSoon()}
        onFocus={({ target }) => {
          if (!returning.current && card.value === null && target.matches(':focus-visible')) card.open('passing');
        }}
        onBlur={() => !isPinned && card.close()}
        onClick={() => (isPinned ? card.close() : card.open('pinned'))}
      >
        {value}
      </button>
      <HoverCard
        state={isPinned ? { ...card, closeSoon: card.cancel } : card}
        anchor={() => button.current}
        id={id}
        label={formula.title}
        position="top"
        trapFocus={isPinned}
      >
        <FormulaCard {...formula} />
      </HoverCard>
    </>
  );
}
