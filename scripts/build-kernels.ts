import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KernelFile } from '@/lib/kernels/wasm-module';
import { runStep } from '@/scripts/run-step';

/**
 * Compiles `lib/kernels/assembly` (AssemblyScript) into `public/kernels/`, where the page fetches it and tests and command-line
 * tools read it: one module for every browser with SIMD, one for those with relaxed SIMD. They are never checked in, and made
 * anew when a source is newer than they are.
 */
const SOURCES = join('lib', 'kernels', 'assembly');
const FOLDER = join('public', 'kernels');

/** The memory is imported, nothing is checked or allocated at run time, and no call leaves the module. */
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--use', 'abort=', '--enable', 'simd'];

const MODULES: readonly { readonly file: KernelFile; readonly options: readonly string[] }[] = [
  { file: 'kernels.wasm', options: OPTIONS },
  { file: 'kernels-relaxed.wasm', options: [...OPTIONS, '--enable', 'relaxed-simd'] },
];

/** @returns the folder of the modules */
export async function buildKernels(root: string): Promise<string> {
  const folder = join(root, FOLDER);
  await mkdir(folder, { recursive: true });
  for (const { file, options } of MODULES) {
    if (await isCurrent(root, join(folder, file))) continue;
    const compiler = join('node_modules', 'assemblyscript', 'bin', 'asc.js');
    const files = [join(SOURCES, 'kernels.ts'), '--outFile', join(FOLDER, file)];
    await runStep(process.execPath, [compiler, ...files, ...options], { cwd: root });
  }
  return folder;
}

async function isCurrent(root: string, output: string): Promise<boolean> {
  if (!existsSync(output)) return false;
  const madeAt = statSync(output).mtimeMs;
  const sources = (await readdir(join(root, SOURCES))).map((name) => join(root, SOURCES, name));
  // The options are a source too.
  return [...sources, join(root, 'scripts', 'build-kernels.ts')].every((path) => statSync(path).mtimeMs <= madeAt);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildKernels(process.cwd());
