import { resolve } from 'node:path';
import type { Browser } from '@playwright/test';
import { withBrowser } from '@/scripts/browser';
import { createStaticServer, readManifest } from '@/scripts/static-server';

/** A built export on its own server, and a headless browser to visit it with. */
export interface BrowsedExport {
  readonly browser: Browser;
  /** With the base path that the export was built for, and a closing slash. */
  readonly url: string;
  readonly base: string;
}

export function browseExport(folder: string, visit: (browsed: BrowsedExport) => Promise<void>): Promise<void> {
  const directory = resolve(folder);
  const { base } = readManifest(directory);
  const server = createStaticServer({ directory, base, headers: true });
  return withBrowser(server, (browser, origin) => visit({ browser, url: `${origin}${base}/`, base }));
}
