/** The packed kernels in Node: compiled before the tests start (tests/global-setup.ts), registered once for each file. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KernelFile } from '@/lib/kernels/wasm-module';
import { registerKernels } from '@/lib/kernels/register';
import { buildKernels } from '@/scripts/build-kernels';

export * from './arbitraries';

export async function kernelBytes(file: KernelFile = 'kernels.wasm'): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await readFile(join(await buildKernels(process.cwd()), file)));
}

export async function registerFastKernels(): Promise<void> {
  const form = await registerKernels(await kernelBytes());
  if (form.kind !== 'fast') throw new Error(form.reason);
}
