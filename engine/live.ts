/** Frames of the live view inside the worker: one model, one forward, no traces, and buffers that go back and forth. */
import type { LiveFrame, LiveRequest } from '@/engine/protocol';
import type { EngineEnvironment, Session } from '@/engine/session';
import { liveFrame } from '@/models/live';

/** @returns what answers one frame; it throws EngineError when the model is not loaded */
export function liveFrames(
  session: Session,
  { tensors, now }: Pick<EngineEnvironment, 'tensors' | 'now'>,
): (request: LiveRequest) => Promise<LiveFrame> {
  return async ({ modelId, pixels, ...query }) => {
    const startMs = now();
    return session.orOnWasm(async () => {
      const image = session.normalize(pixels);
      const normalizeMs = now() - startMs;
      const run = await liveFrame(session.modelOrFail(modelId), image, query, now);
      session.refuseLost();
      const stages = [{ stage: 'normalize', ms: normalizeMs }, ...run.stages];
      return { ...run, stages, pixels, totalMs: now() - startMs, ...tensors.memory() };
    });
  };
}
