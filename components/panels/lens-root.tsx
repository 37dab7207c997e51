'use client';

import { useDeferredValue, type ReactNode } from 'react';
import { NoticesOfStore } from '@/components/panels/notices-of-store';
import type { Lens } from '@/lib/store/lens';
import { LensContext, ResultsContext, useLens, useLensActions, useLensRoot } from '@/lib/store/use-lens';

/** The lens around all panels, and what it has to say. */
export function LensRoot({ create, children }: { readonly create: () => Lens; readonly children: ReactNode }) {
  return (
    <LensContext value={useLensRoot(create)}>
      <DrawnResults>{children}</DrawnResults>
      <Notices />
    </LensContext>
  );
}

/** A store's change renders at once and in one go; a deferred value does not. */
function DrawnResults({ children }: { readonly children: ReactNode }) {
  const results = useLens((state) => state.results);
  return <ResultsContext value={useDeferredValue(results)}>{children}</ResultsContext>;
}

function Notices() {
  const notices = useLens((state) => state.notices);
  const { dismiss } = useLensActions();
  return <NoticesOfStore notices={notices} onDismiss={dismiss} />;
}
