import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KernelFile } from '@/lib/kernels/wasm-module';
import { isProgram } from '@/scripts/command';
import { runStep } from '@/scripts/run-step';

/**
 * Compiles `lib/kernels/assembly` (AssemblyScript) into `public/kernels/` for the page, the tests and the command-line tools: one
 * module for browsers with SIMD, one for those with relaxed SIMD. They are not checked in, and rebuilt when a source is newer.
 */
const SOURCES = join('lib', 'kernels', 'assembly');
const FOLDER = join('public', 'kernels');

/** Imported memory, no checks or allocation at run time, no calls out of the module. */
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--use', 'abort=', '--enable', 'simd'];

const MODULES: readonly { readonly file: KernelFile; readonly options: readonly string[] }[] = [
  { file: 'kernels.wasm', options: OPTIONS },
  { file: 'kernels-relaxed.wasm', options: [...OPTIONS, '--enable', 'relaxed-simd'] },
];

/** Compiles what is out of date. @returns the folder of the modules */
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

/** A compiled module, built first where a source is newer. */
export async function kernelBytes(file: KernelFile): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await readFile(join(await buildKernels(process.cwd()), file)));
}

async function isCurrent(root: string, output: string): Promise<boolean> {
  if (!existsSync(output)) return false;
  const madeAt = statSync(output).mtimeMs;
  const sources = (await readdir(join(root, SOURCES))).map((name) => join(root, SOURCES, name));
  // The compiler's options are in this file.
  return [...sources, join(root, 'scripts', 'build-kernels.ts')].every((path) => statSync(path).mtimeMs <= madeAt);
}

if (isProgram(import.meta.url)) await buildKernels(process.cwd());
