/** The packed kernels in WebAssembly; they work on tfjs's wasm tensors without copying them. */
import { ofHead, shape3, type WasmHost } from '@/lib/kernels/kernel-host';
import { panelsOf, PANEL_OUTPUTS, wordsOf } from '@/lib/kernels/layout';
import type { PackedKernels } from '@/lib/kernels/packed-kernels';
import { referenceKernels } from '@/lib/kernels/reference-kernels';
import type { KernelExports } from '@/lib/kernels/wasm-module';
import type { tf } from '@/lib/tf';

/** Bytes of a float and of a word. */
const WORD_BYTES = 4;
/** What `lookupSigns` needs as scratch, in words, plus four per word of a row. */
const SCRATCH_WORDS = 168;

export function wasmKernels(host: WasmHost, kernels: KernelExports): PackedKernels {
  const panelBytes = (outputs: number, words: number) => panelsOf(outputs) * words * PANEL_OUTPUTS * WORD_BYTES;
  return {
    packRows(inputs, { rule }) {
      const [groups, rows, columns] = shape3(inputs.x);
      const bits = host.allocate([groups, rows, wordsOf(columns)], 'int32');
      const stride = columns * WORD_BYTES;
      const from = host.addressOf(inputs.x);
      const [alpha, zero] = viewsOf(host, [inputs.alpha, inputs.zeroPoint]);
      for (let g = 0; g < groups; g++) {
        const x = from + g * rows * stride;
        const out = host.addressOf(bits) + g * rows * wordsOf(columns) * WORD_BYTES;
        if (rule === 'sign') kernels.packSigns(rows, columns, x, stride, out);
        else if (rule === 'elastic') kernels.packElastic(rows, columns, x, stride, ofHead(alpha, g), out);
        else kernels.packSignAlpha(rows, columns, x, stride, ofHead(alpha, g), ofHead(zero, g), out);
      }
      return bits;
    },

    packColumns(inputs) {
      const [groups, rows, columns] = shape3(inputs.x);
      const panels = host.allocate([groups, panelsOf(columns), wordsOf(rows), PANEL_OUTPUTS], 'int32');
      const stride = columns * WORD_BYTES;
      const from = host.addressOf(inputs.x);
      const [alpha, zero] = viewsOf(host, [inputs.alpha, inputs.zeroPoint]);
      for (let g = 0; g < groups; g++) {
        const out = host.addressOf(panels) + g * panelBytes(columns, wordsOf(rows));
        kernels.packColumns(rows, columns, from + g * rows * stride, stride, ofHead(alpha, g), ofHead(zero, g), out);
      }
      return panels;
    },

    packPanels({ bits }) {
      const [groups, outputs, words] = shape3(bits);
      const panels = host.allocate([groups, panelsOf(outputs), words, PANEL_OUTPUTS], 'int32');
      for (let g = 0; g < groups; g++) {
        const from = host.addressOf(bits) + g * outputs * words * WORD_BYTES;
        kernels.packPanels(outputs, words, from, host.addressOf(panels) + g * panelBytes(outputs, words));
      }
      return panels;
    },

    packWeights: (...call) => referenceKernels(host).packWeights(...call), // once per model

    multiplyBits(inputs, { rule, outputs, depth }) {
      const [groups, rows, words] = shape3(inputs.a);
      const y = host.allocate([groups, rows, outputs], 'float32');
      const shifts = rule === 'signs' && inputs.zeroA !== undefined;
      const offsets = shifts ? host.allocate([panelsOf(outputs) * PANEL_OUTPUTS], 'int32') : null;
      // One scale for all outputs is read as a vector of four.
      const spread = host.allocate([4], 'float32');
      const [firstA, firstB] = [host.addressOf(inputs.a), host.addressOf(inputs.b)];
      const [scale, zerosA, zerosB] = viewsOf(host, [inputs.scale, inputs.zeroA, inputs.zeroB]);
      const stride = outputs * WORD_BYTES;
      for (let g = 0; g < groups; g++) {
        const a = firstA + g * rows * words * WORD_BYTES;
        const b = firstB + g * panelBytes(outputs, words);
        const out = host.addressOf(y) + g * rows * stride;
        const [zeroA, zeroB] = [ofHead(zerosA, g), ofHead(zerosB, g)];
        host.floats(spread).fill(ofHead(scale, g));
        const scales = host.addressOf(spread);
        if (rule === 'mask') kernels.multiplyMask(rows, outputs, depth, a, b, zeroB, scales, 0, out, stride);
        else {
          if (offsets !== null) kernels.sumPanels(outputs, depth, b, -zeroA, host.addressOf(offsets));
          const sums = offsets === null ? 0 : host.addressOf(offsets);
          kernels.multiplySigns(rows, outputs, depth, a, b, zeroA, zeroB, sums, scales, 0, out, stride);
        }
      }
      host.free(spread);
      if (offsets !== null) host.free(offsets);
      return y;
    },

    multiplyWeights({ a, b, scale }, { outputs, depth }) {
      const [, rows, words] = shape3(a);
      const y = host.allocate([1, rows, outputs], 'float32');
      const scratch = host.allocate([SCRATCH_WORDS + 4 * words], 'int32');
      const factors = [host.addressOf(a), host.addressOf(b), host.addressOf(scale)] as const;
      const results = [host.addressOf(y), outputs * WORD_BYTES, host.addressOf(scratch)] as const;
      kernels.lookupSigns(rows, outputs, depth, ...factors, ...results);
      host.free(scratch);
      return y;
    },
  };
}

/**
 * Views of small parameters; call this last. Asking for the address of a tensor that another backend holds allocates it here, which
 * may grow the memory and detach every earlier view.
 */
function viewsOf<const T extends readonly (tf.TensorInfo | undefined)[]>(
  host: WasmHost,
  tensors: T,
): { readonly [Index in keyof T]: Float32Array | null } {
  for (const tensor of tensors) if (tensor !== undefined) host.addressOf(tensor);
  const views = tensors.map((tensor) => (tensor === undefined ? null : host.floats(tensor)));
  return views as { readonly [Index in keyof T]: Float32Array | null };
}
