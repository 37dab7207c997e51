/** Registers the packed kernels with tfjs: the reference on `cpu`, compiled on `wasm`, WGSL on `webgpu`. `webgl` multiplies floats. */
import { registerForward } from '@/lib/kernels/forward/op';
import { cpuHost, wasmHost } from '@/lib/kernels/kernel-host';
import { KERNEL_NAMES, tfjsName, type PackedKernels } from '@/lib/kernels/packed-kernels';
import { referenceKernels } from '@/lib/kernels/reference-kernels';
import { wasmKernels } from '@/lib/kernels/wasm-kernels';
import { compileKernels, kernelsIn, KernelsUnavailableError } from '@/lib/kernels/wasm-module';
import { webGpuKernels } from '@/lib/kernels/webgpu/kernels';
import { tf } from '@/lib/tf';

/** What runs on the wasm backend. */
export type KernelForm = { readonly kind: 'fast' } | { readonly kind: 'reference'; readonly reason: string };

/**
 * Call once per page or process; a later call replaces what an earlier one registered.
 *
 * @param bytes of the compiled kernels; without SIMD the reference runs in place of them, and the result says so
 */
export async function registerKernels(bytes: BufferSource): Promise<KernelForm> {
  register('cpu', (backend) => referenceKernels(cpuHost(backend)));
  register('webgpu', webGpuKernels);
  try {
    const compiled = await compileKernels(bytes);
    registerForward(compiled);
    register('wasm', (backend) => {
      const host = wasmHost(backend);
      return wasmKernels(host, kernelsIn(host.memory, compiled));
    });
    return { kind: 'fast' };
  } catch (error) {
    if (!(error instanceof KernelsUnavailableError)) throw error;
    registerForward(null);
    register('wasm', (backend) => referenceKernels(wasmHost(backend)));
    return { kind: 'reference', reason: error.message };
  }
}

function register(backendName: 'cpu' | 'wasm' | 'webgpu', kernelsOf: (backend: unknown) => PackedKernels): void {
  for (const name of KERNEL_NAMES) {
    const kernelName = tfjsName(name);
    if (tf.getKernel(kernelName, backendName) !== undefined) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const kernel = kernelsOf(backend)[name] as (inputs: unknown, attributes: unknown) => tf.TensorInfo;
        return kernel(inputs, attrs);
      },
    });
  }
}
