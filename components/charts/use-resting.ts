import { useCallback, useEffect, useRef, useState } from 'react';

const OPEN_MS = 250;
const CLOSE_MS = 180;

export interface Resting<Value> {
  /** What the pointer rests on, or the keyboard is on. */
  readonly value: Value | null;
  /** The pointer came here: shown when it stays. */
  readonly come: (value: Value) => void;
  /** Shown at once, for the keyboard. */
  readonly show: (value: Value) => void;
  /** The pointer left: hidden, unless it reaches the card in time. */
  readonly leave: () => void;
  /** The pointer is on the card itself. */
  readonly keep: () => void;
  readonly dismiss: () => void;
}

/** What a card is about that opens where the pointer rests; it can be reached with the pointer and dismissed with Escape (WCAG 1.4.13). */
export function useResting<Value>(): Resting<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const after = useCallback((milliseconds: number, next: Value | null) => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => setValue(next), milliseconds);
  }, []);
  const now = useCallback((next: Value | null) => {
    if (timer.current !== null) clearTimeout(timer.current);
    setValue(next);
  }, []);
  const keep = useCallback(() => {
    if (timer.current !== null) clearTimeout(timer.current);
  }, []);

  useEffect(() => keep, [keep]);
  useEffect(() => {
    if (value === null) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') now(null);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [value, now]);

  return {
    value,
    come: (next) => after(OPEN_MS, next),
    show: now,
    leave: () => after(CLOSE_MS, null),
    keep,
    dismiss: () => now(null),
  };
}
