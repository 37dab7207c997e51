/** Makes the kernels known to tfjs: on `cpu` as the reference, on `wasm` compiled. Elsewhere `ops.ts` computes unpacked. */
import { registerForward } from '@/lib/kernels/forward/op';
import { cpuHost, wasmHost } from '@/lib/kernels/kernel-host';
import {
  KERNELS,
  type MultiplyAttributes,
  type MultiplyInputs,
  type NibbleAttributes,
  type NibbleInputs,
  type PackAttributes,
  type PackInputs,
  type PanelInputs,
} from '@/lib/kernels/names';
import {
  multiplyNibblesReference,
  multiplyReference,
  packColumnsReference,
  packNibblesReference,
  packPanelsReference,
  packRowsReference,
} from '@/lib/kernels/reference-kernels';
import {
  multiplyNibblesWasm,
  multiplyWasm,
  packColumnsWasm,
  packPanelsWasm,
  packRowsWasm,
} from '@/lib/kernels/wasm-kernels';
import { compileKernels, kernelsIn, KernelsUnavailableError } from '@/lib/kernels/wasm-module';
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
    packNibbles: ({ inputs, backend }) => packNibblesReference(cpuHost(backend), inputs),
    multiplyNibbles: ({ inputs, attributes, backend }) =>
      multiplyNibblesReference(cpuHost(backend), inputs, attributes),
    multiplyBits: ({ inputs, attributes, backend }) => multiplyReference(cpuHost(backend), inputs, attributes),
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
      packNibbles: ({ inputs, backend }) => packNibblesReference(wasmHost(backend), inputs),
      multiplyNibbles: ({ inputs, attributes, backend }) => multiplyNibblesWasm(...hosted(backend), inputs, attributes),
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
      packNibbles: ({ inputs, backend }) => packNibblesReference(wasmHost(backend), inputs),
      multiplyNibbles: ({ inputs, attributes, backend }) =>
        multiplyNibblesReference(wasmHost(backend), inputs, attributes),
      multiplyBits: ({ inputs, attributes, backend }) => multiplyReference(wasmHost(backend), inputs, attributes),
    });
    return { kind: 'reference', reason: error.message };
  }
}

interface Signatures {
  readonly packRows: Call<PackInputs, PackAttributes>;
  readonly packColumns: Call<PackInputs, PackAttributes>;
  readonly packPanels: Call<PanelInputs, object>;
  readonly packNibbles: Call<PanelInputs, object>;
  readonly multiplyBits: Call<MultiplyInputs, MultiplyAttributes>;
  readonly multiplyNibbles: Call<NibbleInputs, NibbleAttributes>;
}

interface Call<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attributes: Attributes;
  readonly backend: unknown;
}

type Forms = { readonly [Name in keyof Signatures]: (call: Signatures[Name]) => tf.TensorInfo };

function registerForms(backendName: 'cpu' | 'wasm', forms: Forms): void {
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
