'use client';

import { spawnModelWorker } from '@/analyses/spawn-worker';
import { BrowserModels } from '@/components/models/browser-models';

/** Models: what can be opened, what is kept, and the ways in. */
export function Models() {
  return <BrowserModels spawn={spawnModelWorker} />;
}
