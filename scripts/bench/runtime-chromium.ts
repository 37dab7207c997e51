/** The bench in headless Chromium: bundles the worker, serves it isolated, and waits for what it measures. */
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { build } from 'vite';
import type { ContestRequest, RuntimeReport } from '@/scripts/bench/run-contests';
import { PATHS, type WorkerMessage } from '@/scripts/bench/runtime-messages';
import { withBrowser } from '@/scripts/browser';
import { buildKernels } from '@/scripts/build-kernels';
import { CHECKPOINTS } from '@/scripts/node-engine';
import { COMMON_HEADERS } from '@/scripts/security-policy';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WORKER = 'worker.js';

/** @param onnxFolder has `<model>.onnx` for each model of the request */
export async function benchInChromium(request: ContestRequest, onnxFolder: string): Promise<RuntimeReport> {
  const bundle = join(ROOT, '.work', 'bench', 'bundle');
  await bundleWorker(bundle);
  const server = serve({
    [PATHS.bundle]: bundle,
    [PATHS.kernels]: await buildKernels(ROOT),
    [PATHS.tfjs]: WASM_DIRECTORY,
    [PATHS.ort]: dirname(createRequire(import.meta.url).resolve('onnxruntime-web')),
    [PATHS.checkpoints]: CHECKPOINTS,
    [PATHS.onnx]: onnxFolder,
  });
  return withBrowser(server, async (browser, origin) => {
    const page = await browser.newPage();
    page.on('console', (message) => console.error(`Chromium: ${message.text()}`));
    await page.goto(`${origin}/`);
    const last = await page.evaluate(runWorker, { request, url: `${PATHS.bundle}${WORKER}` });
    if (last.kind !== 'done') throw new Error(last.kind === 'failed' ? last.reason : 'the worker stopped early');
    return { runtime: `headless Chromium ${browser.version()}, in a worker`, ...last.report };
  });
}

/** Runs on the page. @returns the worker's last message */
function runWorker({ request, url }: { request: ContestRequest; url: string }): Promise<WorkerMessage> {
  const worker = new Worker(url, { type: 'module' });
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
      // Chunks import each other by relative names: they are served from one folder.
      rollupOptions: {
        input: fileURLToPath(new URL('runtime.worker.ts', import.meta.url)),
        output: { format: 'es', entryFileNames: WORKER, chunkFileNames: '[name]-[hash].js' },
        preserveEntrySignatures: false,
      },
      modulePreload: false,
    },
    base: '.',
  });
}

/** Isolated like the app's page: only then the clock is fine. @param folders by path */
function serve(folders: Readonly<Record<string, string>>): Server {
  const mounts = Object.entries(folders).map(([path, folder]) => ({ path, files: sirv(folder, { dev: true }) }));
  return createServer((request, response) => {
    response.setHeaders(new Map(Object.entries(COMMON_HEADERS)));
    const url = request.url ?? '/';
    const mount = mounts.find(({ path }) => url.startsWith(path));
    if (mount === undefined) {
      response.writeHead(url === '/' ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' });
      return void response.end('<!doctype html><title>bench</title><link rel="icon" href="data:,">');
    }
    request.url = url.slice(mount.path.length - 1);
    mount.files(request, response, () => void response.writeHead(404).end());
  });
}
