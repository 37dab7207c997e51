/** Headless Chromium for the command-line tools and the tests. */
import type { Server } from 'node:http';
import { chromium, type Browser } from '@playwright/test';
import { findBrowser } from '@/scripts/find-browser';
import { listen } from '@/scripts/static-server';

/** Chromium refuses its sandbox to root, and would look for its maker's hosts at every start, which a closed network refuses. */
export const BROWSER_FLAGS: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
];

/** Starts a server on a free port and a browser, and closes both whatever happens. @param visit receives the server's origin */
export async function withBrowser<T>(
  server: Server,
  visit: (browser: Browser, origin: string) => Promise<T>,
): Promise<T> {
  const host = '127.0.0.1';
  const port = await listen(server, 0, host, true);
  try {
    const browser = await chromium.launch({ executablePath: findBrowser(), args: [...BROWSER_FLAGS] });
    try {
      return await visit(browser, `http://${host}:${port}`);
    } finally {
      await browser.close();
    }
  } finally {
    server.close().closeAllConnections();
  }
}
