/** onnxruntime in Node: the web build, a dependency, and the native one, fetched when it is first needed. */
import { cp, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Absent } from '@/scripts/bench/contestant';
import type { OrtModule, OrtPeer } from '@/scripts/bench/ort-contestant';
import { messageOf } from '@/scripts/command';
import { runStep } from '@/scripts/run-step';

const MANIFESTS = fileURLToPath(new URL('peers', import.meta.url));
const FOLDER = join('.work', 'peers');

/** onnxruntime-web of `package.json`, on one thread. */
export async function loadOrtWeb(): Promise<OrtModule> {
  const ort = await import('onnxruntime-web');
  Object.assign(ort.env.wasm, { numThreads: 1, proxy: false });
  return ort;
}

/**
 * The native runtime is no dependency: it is 290 MB for all systems together, and its install script would fetch CUDA, which is
 * not needed. So it is installed into `.work/peers`, by its own lock file and without scripts.
 */
async function loadOrtNode(): Promise<OrtModule | Absent> {
  try {
    if (!existsSync(join(FOLDER, 'node_modules', 'onnxruntime-node'))) await install();
    const load = createRequire(resolve(FOLDER, 'package.json'));
    return load('onnxruntime-node') as OrtModule;
  } catch (error) {
    return { absent: `The native runtime does not run here (${messageOf(error).split('\n')[0] ?? ''}).` };
  }
}

async function install(): Promise<void> {
  console.error('fetching onnxruntime-node into .work/peers, once');
  await mkdir(FOLDER, { recursive: true });
  await cp(MANIFESTS, FOLDER, { recursive: true });
  await runStep('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: resolve(FOLDER) });
}

export const NODE_PEERS: readonly OrtPeer[] = [
  { id: 'ort-web', provider: 'wasm', load: loadOrtWeb },
  { id: 'ort-node', provider: 'cpu', load: loadOrtNode },
];
