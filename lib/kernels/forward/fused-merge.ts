/** Swin's patch merging between its stages. Its inputs have a scale each, so its product stays one of real numbers. */
import type { Arena, Place } from '@/lib/kernels/forward/arena';
import type { FusedPart } from '@/lib/kernels/forward/run-context';
import type { RunContext } from '@/lib/kernels/forward/run-context';
import { putDense, putNorm, type ResidentDense, type ResidentNorm } from '@/lib/kernels/forward/loaded-model';
import type { MergeSpec } from '@/lib/kernels/forward/spec';

export class FusedMerge implements FusedPart {
  private readonly rows: number;
  private readonly order: Place;
  private readonly norm: ResidentNorm;
  private readonly alpha: Place;
  private readonly product: ResidentDense;
  private readonly scale: Place;
  private readonly gathered: Place;
  private readonly scratch: Place;

  /** @throws RangeError for a width that is no multiple of 4 */
  constructor(arena: Arena, { order, norm, alpha, weight, scale }: MergeSpec) {
    if (weight.outputs % 4 !== 0)
      throw new RangeError(`Merged tokens of ${weight.outputs} channels: no multiple of 4.`);
    this.rows = order.length / 4;
    this.order = arena.put(order);
    this.norm = putNorm(arena, norm);
    this.alpha = arena.put(alpha);
    this.product = putDense(arena, weight.signs, new Float32Array(weight.outputs));
    this.scale = arena.put(scale);
    this.gathered = arena.reserve(4 * this.rows * weight.depth);
    this.scratch = arena.reserve(64);
  }

  run({ kernels, base, tokens, observer }: RunContext): void {
    const { rows, product, norm } = this;
    const { outputs, depth, panels, bias } = product;
    const [x, scratch] = [base + this.gathered, base + this.scratch];
    kernels.gatherRows(4 * rows, depth, tokens, base + this.order, x); // a quarter of 4C floats is C * 4 bytes
    kernels.normRows(rows, depth, x, 4 * depth, base + norm.weight, base + norm.bias, norm.eps, x, scratch);
    kernels.signLevels(rows, depth, x, base + this.alpha);
    kernels.dense(rows, outputs, depth, x, 4 * depth, base + panels, base + bias, 0, tokens, scratch);
    kernels.scaleColumns(rows, outputs, tokens, base + this.scale);
    observer.mark?.('merge');
  }
}
