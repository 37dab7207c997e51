/** The interface of a model on the packed kernels. */
import type { ForwardObserver, ForwardStage } from '@/lib/kernels/forward/run-context';
import type { tf } from '@/lib/tf';

/** The packed kernels cannot run a model; `message` is a sentence that says why. */
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
  /** Of all that the blocks, the embedding and the classifier read. */
  readonly bytes: number;
  /** [B, channels, size, size], normalized -> [B, numClasses] */
  readonly forward: (images: tf.Tensor4D, observer?: ForwardObserver) => tf.Tensor2D;
  /** One forward, timed by stage; summed over blocks and images. */
  readonly profile: (images: tf.Tensor4D, now: () => number) => readonly StageTime[];
  readonly dispose: () => void;
}
