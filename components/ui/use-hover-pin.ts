import { useCallback, useEffect, useRef, useState, type FocusEvent, type MouseEvent } from 'react';

const OPEN_MS = 200;
const CLOSE_MS = 180;

/** `passing`: goes when the pointer or the focus goes. `pinned`: stays until dismissed, and takes the focus. */
export type HoverPinState = 'closed' | 'passing' | 'pinned';

export interface HoverPin {
  readonly state: HoverPinState;
  readonly close: () => void;
  readonly target: {
    readonly onMouseEnter: () => void;
    readonly onMouseLeave: () => void;
    readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
    readonly onBlur: () => void;
    readonly onClick: (event: MouseEvent<HTMLElement>) => void;
  };
  readonly card: { readonly onMouseEnter: () => void; readonly onMouseLeave: () => void };
}

/**
 * A card that opens on hover and on keyboard focus, and is pinned by click, tap or Enter. The pointer can move onto it and Escape closes it, wherever
 * the focus is (WCAG 1.4.13).
 */
export function useHoverPin(): HoverPin {
  const [state, setState] = useState<HoverPinState>('closed');
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  // A pinned card hands the focus back to what opened it.
  const opener = useRef<HTMLElement | null>(null);
  // The focus that comes back from a closed card is not a wish to open it again.
  const returning = useRef(false);

  const cancel = useCallback(() => {
    if (timer.current !== null) clearTimeout(timer.current);
  }, []);
  const close = useCallback(() => {
    cancel();
    setState('closed');
    if (state !== 'pinned') return;
    returning.current = true;
    opener.current?.focus();
    returning.current = false;
  }, [cancel, state]);
  const openSoon = () => {
    cancel();
    timer.current = setTimeout(() => setState((now) => (now === 'closed' ? 'passing' : now)), OPEN_MS);
  };
  const closeSoon = () => {
    cancel();
    timer.current = setTimeout(() => setState((now) => (now === 'passing' ? 'closed' : now)), CLOSE_MS);
  };

  useEffect(() => cancel, [cancel]);
  useEffect(() => {
    if (state === 'closed') return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [state, close]);

  return {
    state,
    close,
    target: {
      onMouseEnter: openSoon,
      onMouseLeave: closeSoon,
      onFocus: (event) => {
        if (returning.current || !event.target.matches(':focus-visible')) return;
        setState((now) => (now === 'closed' ? 'passing' : now));
      },
      onBlur: () => setState((now) => (now === 'passing' ? 'closed' : now)),
      onClick: (event) => {
        cancel();
        opener.current = event.currentTarget;
        setState((now) => (now === 'pinned' ? 'closed' : 'pinned'));
      },
    },
    card: { onMouseEnter: cancel, onMouseLeave: closeSoon },
  };
}
