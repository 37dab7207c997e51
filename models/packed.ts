/**
 * A binarized model on the packed kernels.
 *
 * Tokens, norms, signs, sums and scaled values equal the float path's bit for bit; the softmax differs in the last bits of its
 * exponentials, so an entry of the binarized attention can differ only where its share is within 1e-6 of alpha / 2.
 */
import { FusedForward } from '@/lib/kernels/forward/fused-forward';
import { hasFusedForward, runForward } from '@/lib/kernels/forward/op';
import type { ForwardObserver, ForwardStage } from '@/lib/kernels/forward/run-context';
import type { ForwardSpec } from '@/lib/kernels/forward/spec';
import { tidied } from '@/lib/kernels/packed-kernels';
import { tf } from '@/lib/tf';
import { requireImages } from '@/models/image-batch';
import type { Model } from '@/models/model';
import { PackedUnavailableError, type ForwardPath, type PackedModel } from '@/models/packed-model';
import { StageClock } from '@/models/stage-clock';

export function pathOf(model: Model): ForwardPath {
  const packed = model.packed();
  return packed instanceof Error ? { kind: 'float', reason: packed.message } : { kind: 'packed' };
}

/**
 * Copies the model's parameters into the kernels' memory; the model may be disposed afterwards.
 *
 * @throws PackedUnavailableError on a backend without the kernels, and for models that bits cannot hold: full precision, the official
 *   three-level sign, zero points
 */
export function packModel(model: Model): PackedModel {
  if (!hasFusedForward()) throw new PackedUnavailableError(noKernels());
  const fused = fusedForward(tidied(model.packedSpec));
  const forward = (images: tf.Tensor4D, observer: ForwardObserver = {}) => {
    requireImages(images, model.config);
    return runForward(images, fused, observer);
  };
  return {
    numClasses: fused.classes,
    bytes: fused.parameterBytes,
    forward,
    profile: (images, now) => {
      const clock = new StageClock<ForwardStage>(now);
      forward(images, { mark: clock.mark }).dispose();
      return clock.stages;
    },
    dispose: () => fused.dispose(),
  };
}

/** The packed form of one model, created on first use. */
export class Packing {
  private made: PackedModel | PackedUnavailableError | null = null;

  of(model: Model): PackedModel | PackedUnavailableError {
    // The backend may have changed since.
    if (!hasFusedForward()) return new PackedUnavailableError(noKernels());
    try {
      this.made ??= packModel(model);
    } catch (error) {
      if (!(error instanceof PackedUnavailableError)) throw error;
      this.made = error;
    }
    return this.made;
  }

  dispose(): void {
    if (this.made !== null && !(this.made instanceof Error)) this.made.dispose();
    this.made = null;
  }
}

function noKernels(): string {
  return tf.getBackend() === 'wasm'
    ? 'The packed kernels did not load.'
    : `The packed kernels run on WebAssembly with SIMD; this is the ${tf.getBackend()} backend.`;
}

/** @throws PackedUnavailableError for sizes that the kernels do not support */
function fusedForward(spec: ForwardSpec): FusedForward {
  try {
    return new FusedForward(spec);
  } catch (error) {
    if (error instanceof RangeError) throw new PackedUnavailableError(error.message);
    throw error;
  }
}
