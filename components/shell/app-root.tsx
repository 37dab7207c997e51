'use client';

import { useDeferredValue, type ReactNode } from 'react';
import { NoticesOfStore } from '@/components/shell/notices-of-store';
import type { AppStore } from '@/state/app-store';
import { AppStoreContext, ResultsContext, useAppState, useActions, useAppStoreRoot } from '@/state/use-app-state';

/** The store around all panels, and its notices. */
export function AppRoot({ create, children }: { readonly create: () => AppStore; readonly children: ReactNode }) {
  return (
    <AppStoreContext value={useAppStoreRoot(create)}>
      <DrawnResults>{children}</DrawnResults>
      <Notices />
    </AppStoreContext>
  );
}

/** A store's change renders at once and in one go; a deferred value does not. */
function DrawnResults({ children }: { readonly children: ReactNode }) {
  const results = useAppState((state) => state.results);
  return <ResultsContext value={useDeferredValue(results)}>{children}</ResultsContext>;
}

function Notices() {
  const notices = useAppState((state) => state.notices);
  const { dismiss } = useActions();
  return <NoticesOfStore notices={notices} onDismiss={dismiss} />;
}
