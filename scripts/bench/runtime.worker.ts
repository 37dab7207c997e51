/** The bench in a browser: the entry of a worker, bundled and minified like the page's own. */
import { loadKernels } from '@/lib/kernels/load-kernels';
import { selectBackend, setWasmDirectory } from '@/lib/tf';
import type { OrtModule } from '@/scripts/bench/ort-contestant';
import { runContests, type ContestRequest } from '@/scripts/bench/run-contests';
import { PATHS, type WorkerMessage } from '@/scripts/bench/runtime-messages';
import { softwareReasons } from '@/scripts/bench/software-adapters';

const tell = (message: WorkerMessage): void => self.postMessage(message);

async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** As published, not rewritten by a bundler. */
async function loadOrt(): Promise<OrtModule> {
  const url = `${PATHS.ort}ort.wasm.min.mjs`;
  const ort = (await import(/* @vite-ignore */ url)) as OrtModule;
  Object.assign(ort.env.wasm, { wasmPaths: PATHS.ort, numThreads: 1, proxy: false });
  return ort;
}

async function bench(request: ContestRequest): Promise<WorkerMessage> {
  if (!self.crossOriginIsolated) throw new Error('The page is not isolated: its clock is too coarse.');
  setWasmDirectory(PATHS.tfjs);
  const { backend, reason } = await selectBackend('wasm');
  if (backend !== 'wasm') throw new Error(reason);
  const kernels = await loadKernels((file) => bytesOf(`${PATHS.kernels}${file}`));
  const software = await softwareReasons();
  const contests = await runContests(request, {
    checkpoint: (file) => bytesOf(`${PATHS.checkpoints}${file}`),
    onnx: (model) => bytesOf(`${PATHS.onnx}${model}.onnx`),
    peers: [{ id: 'ort-web', provider: 'wasm', load: loadOrt }],
    unavailable: (name) => software.get(name) ?? null,
    progress: (line) => tell({ kind: 'progress', line }),
  });
  return { kind: 'done', report: { kernels, contests } };
}

self.addEventListener('message', ({ data }: MessageEvent<ContestRequest>) => {
  bench(data).then(tell, (error: unknown) => {
    tell({ kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
});
