/** tfjs and whole models in Node, for the command-line tools. */
import { readFile } from 'node:fs/promises';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { loadKernels, type LoadedKernels } from '@/lib/kernels/load-kernels';
import { selectBackend, setWasmDirectory, type BackendName } from '@/lib/tf';
import { createModel } from '@/models/create-model';
import { configOf } from '@/models/infer-config';
import type { Model } from '@/models/model';
import { kernelBytes } from '@/scripts/build-kernels';
import { oneOf } from '@/scripts/command';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';

export type NodeBackend = Extract<BackendName, 'wasm' | 'cpu'>;

/** @param typed the value of `--backend` @throws Error, a sentence, when that backend does not start */
export async function startBackend(typed = 'wasm'): Promise<NodeBackend> {
  const wanted = oneOf(typed, 'backend', ['wasm', 'cpu']);
  setWasmDirectory(WASM_DIRECTORY);
  const { backend, reason } = await selectBackend(wanted);
  if (backend !== wanted) throw new Error(reason);
  return wanted;
}

/** The packed kernels, built first where a source is newer. */
export function startKernels(): Promise<LoadedKernels> {
  return loadKernels(kernelBytes);
}

export async function loadModel(path: string): Promise<Model> {
  const checkpoint = parseCheckpoint(await readFile(path));
  return createModel(configOf(checkpoint), checkpoint.tensors);
}
