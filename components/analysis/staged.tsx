'use client';

import { Children, type ReactNode } from 'react';
import { useStages } from '@/components/charts/use-stages';
import shared from './panels.module.css';

/** The panels of a tab, one beneath the other, each drawn in a turn of its own: all at once would keep the page from answering. */
export function Staged({ children }: { readonly children: ReactNode }) {
  const panels = Children.toArray(children);
  const shown = useStages(panels.length);
  return (
    <div className={shared.stack} aria-busy={shown < panels.length}>
      {panels.slice(0, shown)}
    </div>
  );
}
