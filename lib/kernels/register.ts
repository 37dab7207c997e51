/** Makes the kernels known to tfjs: on `cpu` as the reference, on `wasm` compiled, on `webgpu` as WGSL. On `webgl` products are unpacked. */
import { registerForward } from '@/lib/kernels/forward/op';
import { cpuHost, wasmHost } from '@/lib/kernels/kernel-host';
import {
  KERNELS,
  type MultiplyAttributes,
  type MultiplyInputs,
  type WeightAttributes,
  type WeightInputs,
  type PackAttributes,
  type PackInputs,
  type PanelInputs,
} from '@/lib/kernels/names';
import {
  multiplyWeightsReference,
  multiplyReference,
  packColumnsReference,
  packWeightsReference,
  packPanelsReference,
  packRowsReference,
} from '@/lib/kernels/reference-kernels';
import {
  multiplyWeightsWasm,
  multiplyWasm,
  packColumnsWasm,
  packPanelsWasm,
  packRowsWasm,
} from '@/lib/kernels/wasm-kernels';
import { compileKernels, kernelsIn, KernelsUnavailableError } from '@/lib/kernels/wasm-module';
import { multiplyBitsWebGpu, multiplyWeightsWebGpu } from '@/lib/kernels/webgpu/multiply';
import { packColumnsWebGpu, packPanelsWebGpu, packRowsWebGpu } from '@/lib/kernels/webgpu/pack';
import { tf } from '@/lib/tf';

/** Which form runs on the wasm backend. */
export type KernelForm = { readonly kind: 'fast' } | { readonly kind: 'reference'; readonly reason: string };

/**
 * To be called once for a page or process; a later call replaces what the former registered.
 *
 * @param bytes of the compiled kernels; without SIMD the reference takes their place, and the result says so
 */
export async function registerKernels(bytes: BufferSource): Promise<KernelForm> {
  registerForms('cpu', {
    packRows: ({ inputs, attributes, backend }) => packRowsReference(cpuHost(backend), inputs, attributes),
    packColumns: ({ inputs, attributes, backend }) => packColumnsReference(cpuHost(backend), inputs, attributes),
    packPanels: ({ inputs, backend }) => packPanelsReference(cpuHost(backend), inputs),
    packWeights: ({ inputs, backend }) => packWeightsReference(cpuHost(backend), inputs),
    multiplyWeights: ({ inputs, attributes, backend }) =>
      multiplyWeightsReference(cpuHost(backend), inputs, attributes),
    multiplyBits: ({ inputs, attributes, backend }) => multiplyReference(cpuHost(backend), inputs, attributes),
  });
  registerForms('webgpu', {
    packRows: ({ inputs, attributes, backend }) => packRowsWebGpu(backend, inputs, attributes),
    packColumns: ({ inputs, attributes, backend }) => packColumnsWebGpu(backend, inputs, attributes),
    packPanels: ({ inputs, backend }) => packPanelsWebGpu(backend, inputs),
    // A lookup by nibbles pays where there is a shuffle and no fast popcount; here weights are panels, as keys are.
    packWeights: ({ inputs, backend }) => packPanelsWebGpu(backend, inputs),
    multiplyWeights: ({ inputs, attributes, backend }) => multiplyWeightsWebGpu(backend, inputs, attributes),
    multiplyBits: ({ inputs, attributes, backend }) => multiplyBitsWebGpu(backend, inputs, attributes),
  });
  try {
    const compiled = await compileKernels(bytes);
    registerForward(compiled);
    const hosted = (backend: unknown) => {
      const host = wasmHost(backend);
      return [host, kernelsIn(host.memory, compiled)] as const;
    };
    registerForms('wasm', {
      packRows: ({ inputs, attributes, backend }) => packRowsWasm(...hosted(backend), inputs, attributes),
      packColumns: ({ inputs, backend }) => packColumnsWasm(...hosted(backend), inputs),
      packPanels: ({ inputs, backend }) => packPanelsWasm(...hosted(backend), inputs),
      // Once for each weight.
      packWeights: ({ inputs, backend }) => packWeightsReference(wasmHost(backend), inputs),
      multiplyWeights: ({ inputs, attributes, backend }) => multiplyWeightsWasm(...hosted(backend), inputs, attributes),
      multiplyBits: ({ inputs, attributes, backend }) => multiplyWasm(...hosted(backend), inputs, attributes),
    });
    return { kind: 'fast' };
  } catch (error) {
    if (!(error instanceof KernelsUnavailableError)) throw error;
    registerForward(null);
    registerForms('wasm', {
      packRows: ({ inputs, attributes, backend }) => packRowsReference(wasmHost(backend), inputs, attributes),
      packColumns: ({ inputs, attributes, backend }) => packColumnsReference(wasmHost(backend), inputs, attributes),
      packPanels: ({ inputs, backend }) => packPanelsReference(wasmHost(backend), inputs),
      packWeights: ({ inputs, backend }) => packWeightsReference(wasmHost(backend), inputs),
      multiplyWeights: ({ inputs, attributes, backend }) =>
        multiplyWeightsReference(wasmHost(backend), inputs, attributes),
      multiplyBits: ({ inputs, attributes, backend }) => multiplyReference(wasmHost(backend), inputs, attributes),
    });
    return { kind: 'reference', reason: error.message };
  }
}

interface Signatures {
  readonly packRows: Call<PackInputs, PackAttributes>;
  readonly packColumns: Call<PackInputs, PackAttributes>;
  readonly packPanels: Call<PanelInputs, object>;
  readonly packWeights: Call<PanelInputs, object>;
  readonly multiplyBits: Call<MultiplyInputs, MultiplyAttributes>;
  readonly multiplyWeights: Call<WeightInputs, WeightAttributes>;
}

interface Call<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attributes: Attributes;
  readonly backend: unknown;
}

type Forms = { readonly [Name in keyof Signatures]: (call: Signatures[Name]) => tf.TensorInfo };

function registerForms(backendName: 'cpu' | 'wasm' | 'webgpu', forms: Forms): void {
  for (const name of Object.keys(KERNELS) as (keyof Signatures)[]) {
    const kernelName = KERNELS[name];
    if (tf.getKernel(kernelName, backendName) !== undefined) tf.unregisterKernel(kernelName, backendName);
    const form = forms[name] as (call: Call<unknown, unknown>) => tf.TensorInfo;
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) => form({ inputs, attributes: attrs, backend }),
    });
  }
}
