import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runStep } from '@/scripts/run-step';

/**
 * Puts into `public/` what the page needs and git does not keep: tfjs's WebAssembly binaries, and the first picture's trace,
 * made with the same model code that the page runs.
 */

/** The single-threaded builds only: the threaded one breaks in a minified worker. */
const WASM_BINARIES = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'] as const;

const TRACE_SCRIPT = 'scripts/build-trace.ts';

export async function copyWasm(root: string): Promise<void> {
  const source = join(
    dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')),
    'dist',
  );
  const target = join(root, 'public', 'tfjs');
  await mkdir(target, { recursive: true });
  for (const name of WASM_BINARIES) await copyFile(join(source, name), join(target, name));
}

export async function prebuild(root: string): Promise<void> {
  await copyWasm(root);
  if (existsSync(join(root, TRACE_SCRIPT))) await runStep('npx', ['tsx', TRACE_SCRIPT], { cwd: root });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await prebuild(process.cwd());
