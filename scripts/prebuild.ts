import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EMBEDDED_FAMILIES } from '@/models/families/registry';
import { buildKernels } from '@/scripts/build-kernels';
import { writeClassLabels } from '@/scripts/class-labels';
import { copyPhotographs } from '@/scripts/photographs';
import { runStep } from '@/scripts/run-step';

/**
 * Fills `public/`, all of which is made and none of which git keeps: tfjs's WebAssembly binaries in `tfjs/`, the packed kernels
 * in `kernels/`, the embedded families in `models/`, sample photographs and names of classes for models of natural images, and the first
 * picture, computed by the model code that the page runs, in `first/`.
 */

/** The single-threaded builds only: the threaded one breaks in a minified worker. */
const WASM_BINARIES = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'] as const;

/** Parts of a family's folder that only the code, the tests and the command-line tools read. */
const NOT_SERVED = /^(goldens|predictions)$|\.ts$/;

const TRACE_SCRIPT = 'scripts/build-trace.ts';

async function copyWasm(root: string): Promise<void> {
  const source = join(root, 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist');
  const target = join(root, 'public', 'tfjs');
  await mkdir(target, { recursive: true });
  for (const name of WASM_BINARIES) await copyFile(join(source, name), join(target, name));
}

async function copyFamilies(root: string): Promise<void> {
  await rm(join(root, 'public', 'models'), { recursive: true, force: true });
  for (const { id } of EMBEDDED_FAMILIES) {
    const source = join(root, 'models', 'families', id);
    await cp(source, join(root, 'public', 'models', id), {
      recursive: true,
      filter: (path) => !NOT_SERVED.test(relative(source, path).split(sep)[0] ?? ''),
    });
  }
}

export async function prebuild(root: string): Promise<void> {
  await copyWasm(root);
  await buildKernels(root);
  await copyFamilies(root);
  await copyPhotographs(root);
  await writeClassLabels(root);
  if (existsSync(join(root, TRACE_SCRIPT))) await runStep('npx', ['tsx', TRACE_SCRIPT], { cwd: root });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await prebuild(process.cwd());
