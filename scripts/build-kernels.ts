import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runStep } from '@/scripts/run-step';

/**
 * Compiles `lib/kernels/assembly` (AssemblyScript) to `public/kernels/kernels.wasm`, where the page fetches it and tests and
 * command-line tools read it. It is never checked in; it is made anew when a source is newer than it.
 */
const SOURCES = join('lib', 'kernels', 'assembly');
const OUTPUT = join('public', 'kernels', 'kernels.wasm');

/** The memory is imported, nothing is checked or allocated at run time, and no call leaves the module. */
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--use', 'abort=', '--enable', 'simd'];

/** @returns the path of the binary */
export async function buildKernels(root: string): Promise<string> {
  const output = join(root, OUTPUT);
  if (await isCurrent(root, output)) return output;
  await mkdir(dirname(output), { recursive: true });
  const compiler = join('node_modules', 'assemblyscript', 'bin', 'asc.js');
  const files = [join(SOURCES, 'kernels.ts'), '--outFile', OUTPUT];
  await runStep(process.execPath, [compiler, ...files, ...OPTIONS], { cwd: root });
  return output;
}

async function isCurrent(root: string, output: string): Promise<boolean> {
  if (!existsSync(output)) return false;
  const madeAt = statSync(output).mtimeMs;
  const sources = (await readdir(join(root, SOURCES))).map((name) => join(root, SOURCES, name));
  // The options are a source too.
  return [...sources, join(root, 'scripts', 'build-kernels.ts')].every((path) => statSync(path).mtimeMs <= madeAt);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildKernels(process.cwd());
