import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from '@playwright/test';
import { createViteServer } from 'vitest/node';
import { findBrowser } from '@/scripts/find-browser';

/** A page of a real browser that can import the sources, and what must be closed with it. */
export interface SourcePage {
  readonly page: Page;
  readonly close: () => Promise<void>;
}

declare global {
  /** The decoder, in the page only. A test cannot import there itself: Vitest rewrites its imports for Node. */
  var lensDecoder: typeof import('@/lib/images/decode');
}

const PAGE = `<!doctype html><title>test</title>
<script type="module">import * as decoder from '/lib/images/decode.ts'; globalThis.lensDecoder = decoder;</script>`;

/** Opens a page that holds the decoder of this checkout as `lensDecoder`. */
export async function openSourcePage(): Promise<SourcePage> {
  const root = process.cwd();
  const vite = await createViteServer({
    configFile: false,
    root,
    resolve: { alias: { '@': root } },
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  });
  const http = createHttpServer((request, response) => {
    if (request.url === '/') response.setHeader('content-type', 'text/html').end(PAGE);
    else vite.middlewares(request, response);
  });
  const address = await listen(http);
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser: Browser = await chromium.launch({ executablePath: findBrowser(), args });
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForFunction(() => 'lensDecoder' in globalThis);
  const close = async (): Promise<void> => {
    await browser.close();
    http.close();
    await vite.close();
  };
  return { page, close };
}

/** A second origin for the page to fetch from. */
export async function serveElsewhere(
  listener: RequestListener,
): Promise<{ readonly address: string; readonly server: Server }> {
  const server = createHttpServer(listener);
  return { address: await listen(server), server };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/`;
}
