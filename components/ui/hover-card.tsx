import { lazy, Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import type { HoverCardPopoverProps } from '@/components/ui/hover-card-popover';

const OPEN_MS = 200;
const CLOSE_MS = 180;

/** The popover and its positioning are 30 kB that the first screen does without. Offline no card opens. */
const loadPopover = () =>
  import('@/components/ui/hover-card-popover').catch(() => ({ default: (): ReactNode => null }));
const HoverCardPopover = lazy(loadPopover);

export interface HoverCardState<Value> {
  /** What the card is about; `null`: closed. */
  readonly value: Value | null;
  /** Opens once the pointer has rested. */
  readonly openSoon: (value: Value) => void;
  readonly open: (value: Value) => void;
  /** Closes unless the pointer reaches the card in time. */
  readonly closeSoon: () => void;
  /** Cancels what is about to open or close. */
  readonly cancel: () => void;
  readonly close: () => void;
}

/**
 * The state of a card that opens on hover or focus. The pointer can move onto it, and Escape closes it wherever the focus is (WCAG 1.4.13).
 * `onClose` gets the last value after Escape, a click outside or `close`.
 */
export function useHoverCard<Value>(onClose?: (value: Value) => void): HoverCardState<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const cancel = useCallback(() => clearTimeout(timer.current), []);
  const open = (next: Value | null) => {
    cancel();
    setValue(next);
  };
  const after = (milliseconds: number, next: Value | null) => {
    cancel();
    timer.current = setTimeout(() => setValue(next), milliseconds);
  };
  const close = () => {
    open(null);
    if (value !== null) onClose?.(value);
  };

  useEffect(() => cancel, [cancel]);
  useEffect(() => {
    if (value === null) return undefined;
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') close();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });

  return {
    value,
    openSoon: (next) => {
      void loadPopover();
      after(OPEN_MS, next);
    },
    open,
    closeSoon: () => after(CLOSE_MS, null),
    cancel,
    close,
  };
}

export interface HoverCardProps extends Omit<HoverCardPopoverProps, 'onDismiss' | 'onMouseEnter' | 'onMouseLeave'> {
  readonly state: Pick<HoverCardState<unknown>, 'value' | 'cancel' | 'closeSoon' | 'close'>;
}

/** The card itself, while it is open. */
export function HoverCard({ state, ...rest }: HoverCardProps): ReactNode {
  if (state.value === null) return null;
  return (
    <Suspense fallback={null}>
      <HoverCardPopover onDismiss={state.close} onMouseEnter={state.cancel} onMouseLeave={state.closeSoon} {...rest} />
    </Suspense>
  );
}
