/** The bench in Node. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchModelId } from '@/scripts/bench/bench-models';
import { NODE_PEERS } from '@/scripts/bench/peers';
import { runContests, type ContestRequest, type RuntimeReport } from '@/scripts/bench/run-contests';
import { CHECKPOINTS } from '@/scripts/node-engine';
import { startBackend, startKernels } from '@/scripts/node-tfjs';

/** @param onnx bytes of the file that onnxruntime runs for a model */
export async function benchInNode(
  request: ContestRequest,
  onnx: (model: BenchModelId) => Promise<Uint8Array>,
): Promise<RuntimeReport> {
  await startBackend();
  const kernels = await startKernels();
  const contests = await runContests(request, {
    checkpoint: async (file) => Uint8Array.from(await readFile(join(CHECKPOINTS, file))),
    onnx,
    peers: NODE_PEERS,
    unavailable: (backend) => (backend.startsWith('web') ? 'Only in a browser.' : null),
    progress: (line) => console.error(`Node: ${line}`),
  });
  return { runtime: `Node ${process.version}, V8 ${process.versions.v8}`, kernels, contests };
}
