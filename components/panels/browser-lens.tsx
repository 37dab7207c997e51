'use client';

import type { ReactNode } from 'react';
import { LensRoot } from '@/components/panels/lens-root';
import { createBrowserLens } from '@/lib/store/browser-lens';

/** The lens of a real page: its own worker, address, storage. Tests put `LensRoot` around fakes instead. */
export function BrowserLens({ children }: { readonly children: ReactNode }) {
  return <LensRoot create={createBrowserLens}>{children}</LensRoot>;
}
