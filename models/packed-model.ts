/** A model on the packed kernels, as those see it who run it. */
import type { ForwardObserver, ForwardStage } from '@/lib/kernels/forward/run-context';
import type { tf } from '@/lib/tf';

/** A model that the packed kernels do not run; `message` is a sentence for the person who looks at it. */
export class PackedUnavailableError extends Error {
  override readonly name = 'PackedUnavailableError';
}

/** How a forward was computed. */
export type ForwardPath =
  { readonly kind: 'packed' } | { readonly kind: 'float'; /** A sentence. */ readonly reason: string };

export interface StageTime {
  readonly stage: ForwardStage;
  readonly ms: number;
}

export interface PackedModel {
  readonly numClasses: number;
  /** What the blocks and the ends read, as it lies here. */
  readonly bytes: number;
  /** [B, channels, size, size], normalized -> [B, numClasses] */
  readonly forward: (images: tf.Tensor4D, observer?: ForwardObserver) => tf.Tensor2D;
  /** One forward with a clock between its stages; milliseconds summed over blocks and images. */
  readonly profile: (images: tf.Tensor4D, now: () => number) => readonly StageTime[];
  readonly dispose: () => void;
}
