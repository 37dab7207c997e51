/** The kernels of `names.ts` in WebAssembly, on the tensors of tfjs's wasm backend where they lie: nothing is copied. */
import { ofHead, sizes3, type WasmHost } from '@/lib/kernels/kernel-host';
import { panelsOf, PANEL_OUTPUTS, wordsOf } from '@/lib/kernels/layout';
import type {
  MultiplyAttributes,
  MultiplyInputs,
  WeightAttributes,
  WeightInputs,
  PackAttributes,
  PackInputs,
  PanelInputs,
} from '@/lib/kernels/names';
import type { KernelExports } from '@/lib/kernels/wasm-module';
import type { tf } from '@/lib/tf';

/** Bytes of a float and of a word. */
const WORD_BYTES = 4;

export function packRowsWasm(
  host: WasmHost,
  kernels: KernelExports,
  inputs: PackInputs,
  { rule }: PackAttributes,
): tf.TensorInfo {
  const [groups, rows, columns] = sizes3(inputs.x);
  const bits = host.allocate([groups, rows, wordsOf(columns)], 'int32');
  const stride = columns * WORD_BYTES;
  const from = host.addressOf(inputs.x);
  const [alpha, zero] = viewsOf(host, [inputs.alpha, inputs.zeroPoint]);
  for (let g = 0; g < groups; g++) {
    const x = from + g * rows * stride;
    const out = host.addressOf(bits) + g * rows * wordsOf(columns) * WORD_BYTES;
    const scale = ofHead(alpha, g);
    if (rule === 'sign') kernels.packSigns(rows, columns, x, stride, out);
    else if (rule === 'elastic') kernels.packElastic(rows, columns, x, stride, scale, out);
    else kernels.packSignAlpha(rows, columns, x, stride, scale, ofHead(zero, g), out);
  }
  return bits;
}

export function packColumnsWasm(host: WasmHost, kernels: KernelExports, inputs: PackInputs): tf.TensorInfo {
  const [groups, rows, columns] = sizes3(inputs.x);
  const panels = host.allocate([groups, panelsOf(columns), wordsOf(rows), PANEL_OUTPUTS], 'int32');
  const groupBytes = panelsOf(columns) * wordsOf(rows) * PANEL_OUTPUTS * WORD_BYTES;
  const stride = columns * WORD_BYTES;
  const from = host.addressOf(inputs.x);
  const [alpha, zero] = viewsOf(host, [inputs.alpha, inputs.zeroPoint]);
  for (let g = 0; g < groups; g++) {
    const x = from + g * rows * stride;
    kernels.packColumns(
      rows,
      columns,
      x,
      stride,
      ofHead(alpha, g),
      ofHead(zero, g),
      host.addressOf(panels) + g * groupBytes,
    );
  }
  return panels;
}

export function packPanelsWasm(host: WasmHost, kernels: KernelExports, { bits }: PanelInputs): tf.TensorInfo {
  const [groups, outputs, words] = sizes3(bits);
  const panels = host.allocate([groups, panelsOf(outputs), words, PANEL_OUTPUTS], 'int32');
  for (let g = 0; g < groups; g++) {
    const from = host.addressOf(bits) + g * outputs * words * WORD_BYTES;
    const to = host.addressOf(panels) + g * panelsOf(outputs) * words * PANEL_OUTPUTS * WORD_BYTES;
    kernels.packPanels(outputs, words, from, to);
  }
  return panels;
}

export function multiplyWasm(
  host: WasmHost,
  kernels: KernelExports,
  inputs: MultiplyInputs,
  { rule, outputs, depth }: MultiplyAttributes,
): tf.TensorInfo {
  const [groups, rows, words] = sizes3(inputs.a);
  const y = host.allocate([groups, rows, outputs], 'float32');
  const shifts = rule === 'signs' && inputs.zeroA !== undefined;
  const offsets = shifts ? host.allocate([panelsOf(outputs) * PANEL_OUTPUTS], 'int32') : null;
  // One scale for all outputs is read as a vector of itself, again and again.
  const spread = host.allocate([4], 'float32');
  const [firstA, firstB] = [host.addressOf(inputs.a), host.addressOf(inputs.b)];
  const [scale, zerosA, zerosB] = viewsOf(host, [inputs.scale, inputs.zeroA, inputs.zeroB]);
  const groupBytes = panelsOf(outputs) * words * PANEL_OUTPUTS * WORD_BYTES;
  const stride = outputs * WORD_BYTES;
  for (let g = 0; g < groups; g++) {
    const a = firstA + g * rows * words * WORD_BYTES;
    const b = firstB + g * groupBytes;
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
}

/** What `lookupSigns` asks for beside its result, in words: this, and four for each word of a row. */
const SCRATCH_WORDS = 168;

export function multiplyWeightsWasm(
  host: WasmHost,
  kernels: KernelExports,
  { a, b, scale }: WeightInputs,
  { outputs, depth }: WeightAttributes,
): tf.TensorInfo {
  const [, rows, words] = sizes3(a);
  const y = host.allocate([1, rows, outputs], 'float32');
  const scratch = host.allocate([SCRATCH_WORDS + 4 * words], 'int32');
  const [atA, atB, atScale] = [host.addressOf(a), host.addressOf(b), host.addressOf(scale)];
  const [atY, atScratch] = [host.addressOf(y), host.addressOf(scratch)];
  kernels.lookupSigns(rows, outputs, depth, atA, atB, atScale, atY, outputs * WORD_BYTES, atScratch);
  host.free(scratch);
  return y;
}

/**
 * Views of small parameters, to be asked for last. A tensor that another backend holds comes here with its first address, and what
 * is allocated for it may grow the memory, which detaches every view that is older.
 */
function viewsOf<const T extends readonly (tf.TensorInfo | undefined)[]>(
  host: WasmHost,
  tensors: T,
): { readonly [Index in keyof T]: Float32Array | null } {
  for (const tensor of tensors) if (tensor !== undefined) host.addressOf(tensor);
  const views = tensors.map((tensor) => (tensor === undefined ? null : host.floats(tensor)));
  return views as { readonly [Index in keyof T]: Float32Array | null };
}
