'use client';

import { useCallback, type ReactNode } from 'react';
import { ModelsPanels } from '@/components/models/models-panels';
import type { SpawnedWorker } from '@/engine/spawned-worker';
import { createBrowserModels, HUB_URL } from '@/state/models/browser-models';

/** The Models page of a real browser: its own cache, hub and worker. @param spawn starts the model worker */
export function BrowserModels({ spawn }: { readonly spawn: () => SpawnedWorker }): ReactNode {
  return <ModelsPanels create={useCallback(() => createBrowserModels(spawn), [spawn])} hubUrl={HUB_URL} />;
}
