'use client';

import type { ReactNode } from 'react';
import { ModelsPanels } from '@/components/models/models-panels';
import { createBrowserModels, HUB_URL } from '@/state/models/browser-models';

/** The Models page of a real browser: its own shelf, hub and worker. */
export function BrowserModels(): ReactNode {
  return <ModelsPanels create={createBrowserModels} hubUrl={HUB_URL} />;
}
