/** The bench in Node. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadKernels } from '@/lib/kernels/load-kernels';
import { selectBackend, setWasmDirectory } from '@/lib/tf';
import { NODE_PEERS } from '@/scripts/bench/peers';
import { runPlace, slowOnCpu, type PlaceReport, type PlaceRequest } from '@/scripts/bench/run-runtime';
import type { SubjectId } from '@/scripts/bench/bench-models';
import { buildKernels } from '@/scripts/build-kernels';
import { CHECKPOINTS } from '@/scripts/node-engine';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';

/** @param onnx bytes of the file that the peers run for a model */
export async function benchInNode(
  request: PlaceRequest,
  onnx: (model: SubjectId) => Promise<Uint8Array>,
): Promise<PlaceReport> {
  setWasmDirectory(WASM_DIRECTORY);
  const { backend, reason } = await selectBackend('wasm');
  if (backend !== 'wasm') throw new Error(reason);
  const folder = await buildKernels(process.cwd());
  const kernels = await loadKernels(async (file) => Uint8Array.from(await readFile(join(folder, file))));
  const contests = await runPlace(request, {
    checkpoint: async (file) => Uint8Array.from(await readFile(join(CHECKPOINTS, file))),
    onnx,
    peers: NODE_PEERS,
    unavailable: (name, model) =>
      name === 'webgl' || name === 'webgpu' ? 'Only in a browser.' : slowOnCpu(name, model),
    progress: (line) => console.error(`Node: ${line}`),
  });
  return { place: `Node ${process.version}, V8 ${process.versions.v8}`, kernels, contests };
}
