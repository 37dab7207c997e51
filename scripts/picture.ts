import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { findBrowser } from '@/scripts/find-browser';
import { createStaticServer, listen, readManifest } from '@/scripts/static-server';

/** `npm run picture` takes the README's picture of Explore from the built export, once the live models have answered. */
const PICTURE = '.github/explore.png';
const HOST = '127.0.0.1';

const directory = resolve('out');
const { base } = readManifest(directory);
const server = createStaticServer({ directory, base, headers: true });
const port = await listen(server, 0, HOST, true);
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1280 }, colorScheme: 'light' });
  await page.goto(`http://${HOST}:${port}${base}/`);
  await page.getByText('computed here').waitFor({ timeout: 60_000 });
  await page.waitForLoadState('networkidle');
  mkdirSync('.github', { recursive: true });
  await page.screenshot({ path: PICTURE });
  console.log(PICTURE);
} finally {
  await browser.close();
  server.close();
  server.closeAllConnections();
}
