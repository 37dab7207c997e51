'use client';

import { Children, startTransition, useEffect, useState, type ReactNode } from 'react';
import shared from './panels.module.css';

/** The panels of a tab, one beneath the other, each drawn in a turn of its own: all at once would keep the page from answering. */
export function Staged({ children }: { readonly children: ReactNode }) {
  const panels = Children.toArray(children);
  const [shown, setShown] = useState(1);
  const isThrough = shown >= panels.length;
  useEffect(() => {
    if (!isThrough) startTransition(() => setShown((before) => before + 1));
  }, [shown, isThrough]);
  return (
    <div className={shared.stack} aria-busy={!isThrough}>
      {panels.slice(0, shown)}
    </div>
  );
}
