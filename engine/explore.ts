/** One picture through all models: what the first tab shows. */
import {
  STUDENT_IDS,
  type Distortion,
  type Exploration,
  type ExploreRequest,
  type ForwardPath,
  type ModelId,
  type Progress,
  type StudentId,
  type Trace,
} from '@/engine/protocol';
import { EngineError } from '@/engine/engine-error';
import { distortionOf } from '@/analyses/attention/distortion';
import type { ModelParts } from '@/engine/serve-family';
import type { Resident } from '@/engine/session';
import type { TraceCache } from '@/engine/trace-cache';
import type { TraceOptions } from '@/models/trace';

/** Gradients are for the tabs that show them. */
export const FORWARD_ONLY: TraceOptions = { gradients: false, lossClass: 'predicted' };

export interface ExploreParts extends Pick<ModelParts, 'traceImage' | 'pathOf'> {
  /** Lets messages in: a cancellation waits there. */
  readonly pause: () => Promise<void>;
  readonly now: () => number;
  readonly traces: TraceCache;
}

/**
 * A backbone's traces are large and slow, so they stay for what is asked next, and its distortion is an analysis of its own that
 * comes layer by layer; the family's comes at once.
 *
 * @param refuseOld throws when nobody waits for the result any more
 */
export async function exploreOnce(
  resident: Resident,
  { traceImage, pathOf, pause, now, traces: cache }: ExploreParts,
  { modelIds, pixels }: ExploreRequest,
  refuseOld: () => void,
  onProgress: (progress: Progress) => void,
): Promise<Exploration> {
  const image = resident.normalize(pixels); // [channels * size * size]
  const ids = modelIds.filter((id) => resident.model(id) !== null);
  const logits: { [Id in ModelId]?: Float32Array } = {};
  const traces: { [Id in ModelId]?: Trace } = {};
  const forwardMs: { [Id in ModelId]?: number } = {};
  const paths: { [Id in ModelId]?: ForwardPath } = {};
  const { hasBackbone, subject } = resident;
  const refuseVain = (): void => {
    refuseOld();
    if (resident.subject !== subject) throw new EngineError('cancelled', 'Another model is open now.');
  };
  for (const [done, id] of ids.entries()) {
    onProgress({ kind: 'running', what: resident.label(id), done, total: ids.length });
    await pause();
    refuseVain();
    const model = resident.model(id);
    if (model === null) throw new Error('the models went to another backend meanwhile');
    const startedMs = now();
    const trace = hasBackbone
      ? await cache.trace(id, image, FORWARD_ONLY)
      : await traceImage(model, image, FORWARD_ONLY);
    refuseVain();
    forwardMs[id] = now() - startedMs;
    paths[id] = pathOf(model);
    traces[id] = trace;
    logits[id] = trace.logits;
    resident.refuseLost();
  }
  const distortions = hasBackbone ? {} : await distort(traces, pause, refuseVain);
  onProgress({ kind: 'running', what: 'done', done: ids.length, total: ids.length });
  return { logits, traces, distortions, forwardMs, paths };
}

async function distort(
  traces: Exploration['traces'],
  pause: () => Promise<void>,
  refuseOld: () => void,
): Promise<Exploration['distortions']> {
  const distortions: { [Id in StudentId]?: Distortion } = {};
  for (const id of STUDENT_IDS) {
    const { teacher, [id]: student } = traces;
    if (teacher === undefined || student === undefined) continue;
    await pause();
    refuseOld();
    distortions[id] = distortionOf(teacher, student);
  }
  return distortions;
}
