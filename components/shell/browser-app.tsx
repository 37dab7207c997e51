'use client';

import type { ReactNode } from 'react';
import { AppRoot } from '@/components/shell/app-root';
import { createBrowserStore } from '@/state/browser-store';

/** The lens of a real page: its own worker, address, storage. Tests put `AppRoot` around fakes instead. */
export function BrowserApp({ children }: { readonly children: ReactNode }) {
  return <AppRoot create={createBrowserStore}>{children}</AppRoot>;
}
