/** Frames of the live view inside the worker: one model, one forward, no traces, and buffers that go back and forth. */
import { FASHION_MNIST_NORM } from '@/lib/images/grey28';
import { EngineError } from '@/engine/engine-error';
import { FAMILY, type LiveFrame, type LiveRequest } from '@/engine/protocol';
import type { Resident, ResidentParts } from '@/engine/session';

export interface LiveParts extends ResidentParts {
  readonly now: () => number;
}

/** @returns what answers one frame; it throws EngineError when the model is not loaded */
export function servedLive(
  resident: Resident,
  { liveFrame, tensors, now }: LiveParts,
): (request: LiveRequest) => Promise<LiveFrame> {
  /** The same for every frame, as its values are read before the next one comes. */
  const image = new Float32Array(FAMILY.imageSize ** 2); // [28 * 28]

  return async ({ modelId, pixels, ...look }) => {
    const startMs = now();
    if (resident.hasBackbone) {
      throw new EngineError(
        'checkpoint',
        'Frame by frame only the models of the app run: a forward of this one takes longer than a frame. Go back to the family.',
      );
    }
    return resident.orOnWasm(async () => {
      normalizeInto(image, pixels);
      const normalizeMs = now() - startMs;
      const run = await liveFrame(resident.modelOrFail(modelId), image, look, now);
      resident.refuseLost();
      const stages = [{ stage: 'normalize', ms: normalizeMs }, ...run.stages];
      return { ...run, stages, pixels, totalMs: now() - startMs, ...tensors.memory() };
    });
  };
}

/** As `normalizeGrey`, without an array for every frame. */
function normalizeInto(image: Float32Array, pixels: Float32Array): void {
  const { mean, std } = FASHION_MNIST_NORM;
  for (let i = 0; i < image.length; i++) image[i] = ((pixels[i] ?? 0) - mean) / std;
}
