import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Page } from '@playwright/test';
import { createViteServer } from 'vitest/node';
import { findBrowser } from '@/scripts/find-browser';

/** A page of a real browser that can import the sources, and what must be closed with it. */
export interface SourcePage {
  readonly page: Page;
  readonly close: () => Promise<void>;
}

export interface SourcePageOptions {
  /** A file of this checkout, from the root: `/lib/x.ts`. */
  readonly module: string;
  /** Under which name the page finds what the module exports. A test cannot import there itself: Vitest rewrites its imports for Node. */
  readonly global: string;
  /** Packages that are written for Node (CommonJS), and what must share one copy of them. */
  readonly packages?: readonly string[];
  /** Imports that stand for another, as a bundler for browsers would choose it. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

export async function openModule({
  module,
  global,
  packages = [],
  aliases = {},
  flags = [],
}: SourcePageOptions): Promise<SourcePage> {
  const root = process.cwd();
  const vite = await createViteServer({
    configFile: false,
    root,
    // Bundled packages of one kind of page; another's must not replace them while it is open.
    cacheDir: `node_modules/.vite/page-${global}`,
    resolve: { alias: { '@': root, ...aliases } },
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true, include: [...packages] },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  });
  const html = `<!doctype html><title>test</title>
<script type="module">import * as module from '${module}'; globalThis.${global} = module;</script>`;
  const http = createHttpServer((request, response) => {
    if (request.url === '/') response.setHeader('content-type', 'text/html').end(html);
    else vite.middlewares(request, response);
  });
  const address = await listen(http);
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: findBrowser(), args: [...asRoot, ...flags] });
  const close = async (): Promise<void> => {
    await browser.close();
    http.close();
    await vite.close();
  };
  try {
    const page = await browser.newPage();
    const failed = new Promise<never>((_, reject) => {
      page.on('pageerror', (error) => reject(new Error(`${module} did not load: ${error.stack ?? error.message}`)));
    });
    failed.catch(() => undefined); // also where nobody waits for it any more
    await page.goto(address);
    await Promise.race([failed, page.waitForFunction((name) => name in globalThis, global, { timeout: 120_000 })]);
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @returns the address, with a slash at the end */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/`;
}
