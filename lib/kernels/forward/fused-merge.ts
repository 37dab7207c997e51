/** Swin's patch merging. Each input has its own scale, so the product is one of real numbers. */
import type { Arena } from '@/lib/kernels/forward/arena';
import { putDense, putNorm } from '@/lib/kernels/forward/packed-parameters';
import type { FusedPart } from '@/lib/kernels/forward/run-context';
import type { MergeSpec } from '@/lib/kernels/forward/spec';

/** @throws RangeError for a width that is not a multiple of 4 */
export function fusedMerge(arena: Arena, spec: MergeSpec): FusedPart {
  const { outputs, depth, signs } = spec.weight;
  if (outputs % 4 !== 0) throw new RangeError(`Merged tokens of ${outputs} channels: not a multiple of 4.`);
  const rows = spec.order.length / 4;
  const [order, alpha, scale] = [arena.put(spec.order), arena.put(spec.alpha), arena.put(spec.scale)];
  const norm = putNorm(arena, spec.norm);
  const { panels, bias } = putDense(arena, signs, new Float32Array(outputs));
  const [gathered, scratchSpace] = [arena.reserve(4 * rows * depth), arena.reserve(64)];
  return {
    run({ kernels, base, tokens, observer }) {
      const [x, scratch] = [base + gathered, base + scratchSpace];
      kernels.gatherRows(4 * rows, depth, tokens, base + order, x); // a quarter of 4C floats is C * 4 bytes
      kernels.normRows(rows, depth, x, 4 * depth, base + norm.weight, base + norm.bias, norm.eps, x, scratch);
      kernels.signLevels(rows, depth, x, base + alpha);
      kernels.dense(rows, outputs, depth, x, 4 * depth, base + panels, base + bias, 0, tokens, scratch);
      kernels.scaleColumns(rows, outputs, tokens, base + scale);
      observer.mark?.('merge');
    },
  };
}
