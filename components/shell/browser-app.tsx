'use client';

import { useCallback, type ReactNode } from 'react';
import { AppRoot } from '@/components/shell/app-root';
import type { SpawnedWorker } from '@/engine/spawned-worker';
import { createBrowserStore } from '@/state/browser-store';

interface BrowserAppProps {
  /** Starts the model worker. */
  readonly spawn: () => SpawnedWorker;
  readonly children: ReactNode;
}

/** The store of a real page: its own worker, address, storage. Tests put `AppRoot` around fakes instead. */
export function BrowserApp({ spawn, children }: BrowserAppProps) {
  return <AppRoot create={useCallback(() => createBrowserStore(spawn), [spawn])}>{children}</AppRoot>;
}
