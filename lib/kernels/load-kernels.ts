/** Registers the compiled kernels, wherever their bytes come from; reports problems instead of throwing. */
import { registerForward } from '@/lib/kernels/forward/op';
import { registerKernels } from '@/lib/kernels/register';
import { kernelFile, type KernelFile } from '@/lib/kernels/wasm-module';

/** Whether the packed kernels run on the wasm backend. */
export type LoadedKernels =
  | { readonly kind: 'fast'; readonly file: KernelFile }
  /** `reason` is a sentence; models take the float path. */
  | { readonly kind: 'absent'; readonly reason: string };

/** @param bytesOf reads the file of that name in `public/kernels/` */
export async function loadKernels(bytesOf: (file: KernelFile) => Promise<BufferSource>): Promise<LoadedKernels> {
  const file = kernelFile();
  try {
    const form = await registerKernels(await bytesOf(file));
    return form.kind === 'fast' ? { kind: 'fast', file } : { kind: 'absent', reason: form.reason };
  } catch (error) {
    registerForward(null);
    const cause = error instanceof Error ? error.message : String(error);
    return { kind: 'absent', reason: `The packed kernels did not load (${cause}); everything runs on the float path.` };
  }
}
