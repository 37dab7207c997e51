/**
 * A binarized model on the packed kernels: the same numbers as its float path, without floats between its products of bits.
 *
 * Bit for bit the same are the tokens, norms, signs, sums and what is scaled; the softmax differs in the last bits of its
 * exponentials, so an entry of the attention can fall otherwise only where its share is within 1e-6 of alpha / 2.
 */
import { FusedForward } from '@/lib/kernels/forward/fused-forward';
import { hasFusedForward, runForward } from '@/lib/kernels/forward/op';
import type { ForwardObserver, ForwardStage } from '@/lib/kernels/forward/run-context';
import type { ForwardSpec } from '@/lib/kernels/forward/spec';
import { tidied } from '@/lib/kernels/run-kernels';
import { tf } from '@/lib/tf';
import type { Model } from '@/models/model';
import { PackedUnavailableError, type ForwardPath, type PackedModel, type StageTime } from '@/models/packed-model';
import { StageClock } from '@/models/stage-clock';

export function pathOf(model: Model): ForwardPath {
  const packed = model.packed();
  return packed instanceof Error ? { kind: 'float', reason: packed.message } : { kind: 'packed' };
}

/**
 * Reads the model's parameters and lays them out for the kernels; the model may be disposed afterwards.
 *
 * @throws PackedUnavailableError on a backend without the compiled kernels, and for models that bits cannot hold: full precision, the
 *   official three-level sign, zero points
 */
export function packModel(model: Model): PackedModel {
  if (!hasFusedForward()) throw new PackedUnavailableError(noKernels());
  const resident = residentOrRefuse(tidied(() => model.packedSpec(model.quantization)));
  const { channels, imageSize } = resident.embedding;
  const run = (images: tf.Tensor4D, observer: ForwardObserver = {}) => {
    const [, ...shape] = images.shape;
    if (shape.join() !== [channels, imageSize, imageSize].join())
      throw new Error(
        `The model takes images of [B, ${channels}, ${imageSize}, ${imageSize}]; got [B, ${shape.join(', ')}].`,
      );
    return runForward(images, resident, observer);
  };
  return {
    numClasses: resident.classes,
    bytes: resident.residentBytes,
    forward: run,
    profile: (images, now) => profile(run, images, now),
    dispose: () => resident.dispose(),
  };
}

/** The packed form of one model: made once, asked for often. */
export class Packing {
  private made: PackedModel | PackedUnavailableError | null = null;

  of(model: Model): PackedModel | PackedUnavailableError {
    // What holds on this backend may not hold on the next one.
    if (!hasFusedForward()) return new PackedUnavailableError(noKernels());
    this.made ??= packOrReason(model);
    return this.made;
  }

  dispose(): void {
    if (this.made !== null && !(this.made instanceof Error)) this.made.dispose();
    this.made = null;
  }
}

function packOrReason(model: Model): PackedModel | PackedUnavailableError {
  try {
    return packModel(model);
  } catch (error) {
    if (error instanceof PackedUnavailableError) return error;
    throw error;
  }
}

function noKernels(): string {
  return tf.getBackend() === 'wasm'
    ? 'The packed kernels are not there.'
    : `The packed kernels run on WebAssembly with SIMD; this is the ${tf.getBackend()} backend.`;
}

function residentOrRefuse(spec: ForwardSpec): FusedForward {
  try {
    return new FusedForward(spec);
  } catch (error) {
    if (error instanceof RangeError) throw new PackedUnavailableError(error.message);
    throw error;
  }
}

function profile(run: PackedModel['forward'], images: tf.Tensor4D, now: () => number): readonly StageTime[] {
  const clock = new StageClock<ForwardStage>(now);
  run(images, { mark: clock.mark }).dispose();
  return clock.stages;
}
