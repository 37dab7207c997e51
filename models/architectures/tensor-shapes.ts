/** What the shapes of a checkpoint's tensors tell of its configuration. */
import { CheckpointError, type Checkpoint } from '@/lib/checkpoints/checkpoint';
import type { QuantizationName } from '@/models/quantization';

/** What the shapes of a full-precision checkpoint do not tell, as whoever asks for it knows it. */
export interface Untold {
  readonly numHeads?: number;
}

/** One more than the largest index: a block stays counted when one of its tensors is missing. */
export function countOf(tensors: Checkpoint['tensors'], pattern: RegExp): number {
  return 1 + [...tensors.keys()].reduce((most, key) => Math.max(most, Number(pattern.exec(key)?.[1] ?? -1)), -1);
}

/** Quantizers leave their parameters behind: an alpha each, and a zero point in the official ones alone. */
export function inferQuantization(tensors: Checkpoint['tensors'], firstBlock: string): QuantizationName {
  if (!tensors.has(`${firstBlock}.attn.q_act.alpha`)) return 'none';
  return tensors.has(`${firstBlock}.attn.q_act.zero_point`) ? 'bi-vit' : 'bi-vit-elastic';
}

export function shapeOf(tensors: Checkpoint['tensors'], key: string): readonly number[] {
  const tensor = tensors.get(key);
  if (tensor !== undefined) return tensor.shape;
  throw new CheckpointError(
    `The file has no configuration and no tensor "${key}", so it is neither a DeiT nor a Swin under timm's names. Choose another checkpoint.`,
  );
}
