/** The packed kernels in Node: compiled before the tests start (tests/global-setup.ts), registered once for each file. */
import type { KernelFile } from '@/lib/kernels/wasm-module';
import { registerKernels } from '@/lib/kernels/register';
import { kernelBytes as builtBytes } from '@/scripts/build-kernels';

export * from './arbitraries';

/** Of the module that Node runs without a flag, unless another is named. */
export const kernelBytes = (file: KernelFile = 'kernels.wasm') => builtBytes(file);

export async function registerFastKernels(): Promise<void> {
  const form = await registerKernels(await kernelBytes());
  if (form.kind !== 'fast') throw new Error(form.reason);
}
