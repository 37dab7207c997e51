/** onnxruntime in Node: the web one, which is a dependency, and the native one, which is fetched when it is first asked for. */
import { cp, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Absent } from '@/scripts/bench/contestant';
import type { OrtModule, OrtPeer } from '@/scripts/bench/ort-contestant';
import { exitCodeOf } from '@/scripts/run-step';

const MANIFESTS = fileURLToPath(new URL('peers', import.meta.url));
const FOLDER = join('.work', 'peers');

/** onnxruntime-web of `package.json`, on one thread. */
export async function loadOrtWeb(): Promise<OrtModule> {
  const ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.proxy = false;
  return ort;
}

/**
 * The native runtime is no dependency: it is 290 MB for all systems together, and its install script would fetch CUDA. What is
 * needed of it lies in the package itself, so it goes into `.work/peers`, by its own lock file and without scripts.
 */
async function loadOrtNode(): Promise<OrtModule | Absent> {
  try {
    if (!existsSync(join(FOLDER, 'node_modules', 'onnxruntime-node'))) await install();
    const load = createRequire(resolve(FOLDER, 'package.json'));
    return load('onnxruntime-node') as OrtModule;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { absent: `The native runtime does not run here (${reason.split('\n')[0] ?? ''}).` };
  }
}

async function install(): Promise<void> {
  console.error('fetching onnxruntime-node into .work/peers, once');
  await mkdir(FOLDER, { recursive: true });
  await cp(MANIFESTS, FOLDER, { recursive: true });
  const code = await exitCodeOf('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: resolve(FOLDER) });
  if (code !== 0) throw new Error('npm ci failed in .work/peers');
}

export const NODE_PEERS: readonly OrtPeer[] = [
  { id: 'ort-web', provider: 'wasm', load: loadOrtWeb },
  { id: 'ort-node', provider: 'cpu', load: loadOrtNode },
];
