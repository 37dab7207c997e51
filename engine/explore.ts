/** One picture through the models: what the first tab shows. */
import { EngineError } from '@/engine/engine-error';
import type { Exploration, ExploreRequest, ForwardPath, Progress, Trace } from '@/engine/protocol';
import type { Session } from '@/engine/session';
import type { TraceCache } from '@/engine/trace-cache';
import type { MemberId } from '@/models/families/family';
import { pathOf } from '@/models/packed';
import type { TraceOptions } from '@/models/trace';

/** Gradients are for the tabs that show them. */
export const FORWARD_ONLY: TraceOptions = { gradients: false, lossClass: 'predicted' };

export interface ExploreContext {
  readonly traces: TraceCache;
  /** Lets messages in: a cancellation waits there. */
  readonly pause: () => Promise<void>;
  readonly now: () => number;
  /** @throws EngineError `cancelled` when nobody waits for the result any more */
  readonly refuseOld: () => void;
  readonly onProgress: (progress: Progress) => void;
}

export async function exploreOnce(
  session: Session,
  { modelIds, pixels }: ExploreRequest,
  { traces: cache, pause, now, refuseOld, onProgress }: ExploreContext,
): Promise<Exploration> {
  const image = session.normalize(pixels); // [channels * size * size]
  const ids = modelIds.filter((id) => session.model(id) !== null);
  const logits: { [id: MemberId]: Float32Array } = {};
  const traces: { [id: MemberId]: Trace } = {};
  const forwardMs: { [id: MemberId]: number } = {};
  const paths: { [id: MemberId]: ForwardPath } = {};
  const { familyNumber } = session;
  const refuse = (): void => {
    refuseOld();
    if (session.familyNumber !== familyNumber) throw new EngineError('cancelled', 'Another model is open now.');
  };
  for (const [done, id] of ids.entries()) {
    onProgress({ kind: 'running', what: session.label(id), done, total: ids.length });
    await pause();
    refuse();
    const startedMs = now();
    const trace = await cache.trace(id, image, FORWARD_ONLY);
    refuse();
    forwardMs[id] = now() - startedMs;
    paths[id] = pathOf(session.modelOrFail(id));
    traces[id] = trace;
    logits[id] = trace.logits;
    session.refuseLost();
  }
  onProgress({ kind: 'running', what: 'done', done: ids.length, total: ids.length });
  return { logits, traces, forwardMs, paths };
}
