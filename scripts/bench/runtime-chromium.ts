/** The bench in headless Chromium: bundles the worker, serves it isolated, and waits for what it measures. */
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import sirv from 'sirv';
import { build } from 'vite';
import { PATHS, type WorkerMessage } from '@/scripts/bench/runtime-messages';
import type { PlaceReport, PlaceRequest } from '@/scripts/bench/run-runtime';
import { buildKernels } from '@/scripts/build-kernels';
import { findBrowser } from '@/scripts/find-browser';
import { CHECKPOINTS } from '@/scripts/node-engine';
import { COMMON_HEADERS } from '@/scripts/security-policy';
import { listen } from '@/scripts/static-server';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENTRY = fileURLToPath(new URL('place.worker.ts', import.meta.url));
const HOST = '127.0.0.1';

/** @param onnxFolder holds `<model>.onnx` for each model asked for */
export async function benchInChromium(request: PlaceRequest, onnxFolder: string): Promise<PlaceReport> {
  const bundle = join(ROOT, '.work', 'bench', 'bundle');
  await bundleWorker(bundle);
  const server = serve({
    [dirname(PATHS.worker)]: bundle,
    [PATHS.kernels]: await buildKernels(ROOT),
    [PATHS.tfjs]: WASM_DIRECTORY,
    [PATHS.ort]: dirname(createRequire(import.meta.url).resolve('onnxruntime-web')),
    [PATHS.checkpoints]: CHECKPOINTS,
    [PATHS.onnx]: onnxFolder,
  });
  const port = await listen(server, 0, HOST, true);
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => console.error(`Chromium: ${message.text()}`));
    await page.goto(`http://${HOST}:${port}/`);
    const last = await page.evaluate(askWorker, { request, address: PATHS.worker });
    if (last.kind !== 'done') throw new Error(last.kind === 'failed' ? last.reason : 'the worker stopped early');
    return { place: `headless Chromium ${browser.version()}, in a worker`, ...last.report };
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}

/** Runs on the page. @returns the worker's last message */
function askWorker({ request, address }: { request: PlaceRequest; address: string }): Promise<WorkerMessage> {
  const worker = new Worker(address, { type: 'module' });
  return new Promise((resolve) => {
    worker.onerror = (event) => resolve({ kind: 'failed', reason: event.message });
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if (data.kind === 'progress') console.log(data.line);
      else resolve(data);
    };
    worker.postMessage(request);
  });
}

async function bundleWorker(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'error',
    resolve: { alias: { '@': ROOT.replace(/\/$/, '') } },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      minify: true,
      // Chunks import each other by relative names: the server has them in one folder.
      rollupOptions: {
        input: ENTRY,
        output: { format: 'es', entryFileNames: 'worker.js', chunkFileNames: '[name]-[hash].js' },
        preserveEntrySignatures: false,
      },
      modulePreload: false,
    },
    base: '.',
  });
}

/** Isolated, as the page is: only then the clock is fine. @param folders by path */
function serve(folders: Readonly<Record<string, string>>): Server {
  const mounted = Object.entries(folders).map(([path, folder]) => ({
    prefix: path.replace(/\/?$/, '/'),
    files: sirv(folder, { dev: true }),
  }));
  return createServer((request, response) => {
    for (const [name, value] of Object.entries(COMMON_HEADERS)) response.setHeader(name, value);
    const url = request.url ?? '/';
    const mount = mounted.find(({ prefix }) => url.startsWith(prefix));
    if (mount === undefined) {
      response.writeHead(url === '/' ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' });
      return void response.end('<!doctype html><title>bench</title><link rel="icon" href="data:,">');
    }
    request.url = url.slice(mount.prefix.length - 1);
    mount.files(request, response, () => void response.writeHead(404).end());
  });
}
