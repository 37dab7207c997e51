import { resolve } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { findBrowser } from '@/scripts/find-browser';
import { createStaticServer, listen, readManifest } from '@/scripts/static-server';

const HOST = '127.0.0.1';

/** A built export on a server of its own, and a headless browser to look at it with. */
export interface BrowsedExport {
  readonly browser: Browser;
  /** With the base path that the export was built for, and a slash at its end. */
  readonly url: string;
  readonly base: string;
}

/** Serves `directory`, lets `visit` look at it, and closes browser and server whatever happens. */
export async function browseExport(directory: string, visit: (browsed: BrowsedExport) => Promise<void>): Promise<void> {
  const folder = resolve(directory);
  const { base } = readManifest(folder);
  const server = createStaticServer({ directory: folder, base, headers: true });
  const port = await listen(server, 0, HOST, true);
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  try {
    await visit({ browser, url: `http://${HOST}:${port}${base}/`, base });
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}
