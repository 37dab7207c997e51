/** The packed kernels in WGSL. */
import type { PackedKernels } from '@/lib/kernels/packed-kernels';
import { multiplyBits, multiplyWeights } from '@/lib/kernels/webgpu/multiply';
import { packColumns, packPanels, packRows } from '@/lib/kernels/webgpu/pack';

/** @param backend tfjs's */
export function webGpuKernels(backend: unknown): PackedKernels {
  return {
    packRows: (inputs, attributes) => packRows(backend, inputs, attributes),
    packColumns: (inputs, attributes) => packColumns(backend, inputs, attributes),
    packPanels: (inputs) => packPanels(backend, inputs),
    // Nibbles pay off with a byte shuffle and without a fast popcount; here it is the other way round.
    packWeights: (inputs) => packPanels(backend, inputs),
    multiplyBits: (inputs, attributes) => multiplyBits(backend, inputs, attributes),
    multiplyWeights: (inputs, attributes) => multiplyWeights(backend, inputs, attributes),
  };
}
