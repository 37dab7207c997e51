import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KernelFile } from '@/lib/kernels/wasm-module';
import { buildKernels } from '@/scripts/build-kernels';

/** The compiled kernels in Node, built where a source is newer. */
export async function kernelBytes(file: KernelFile): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await readFile(join(await buildKernels(process.cwd()), file)));
}
