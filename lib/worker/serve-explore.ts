/** One picture through all models: what the first tab shows. */
import { normalizeGrey } from '@/lib/images/grey28';
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
} from '@/lib/worker/protocol';
import { distortionOf } from '@/lib/worker/serve-distortion';
import type { ModelParts } from '@/lib/worker/serve-family';
import type { Resident } from '@/lib/worker/serve-resident';
import type { TraceOptions } from '@/models/trace';

/** Gradients are for the tabs that show them. */
const FORWARD_ONLY: TraceOptions = { gradients: false, lossClass: 'predicted' };

export interface ExploreParts extends Pick<ModelParts, 'traceImage' | 'pathOf'> {
  /** Lets messages in: a cancellation waits there. */
  readonly pause: () => Promise<void>;
  readonly now: () => number;
}

/** @param refuseOld throws when nobody waits for the result any more */
export async function exploreOnce(
  resident: Resident,
  { traceImage, pathOf, pause, now }: ExploreParts,
  { modelIds, pixels }: ExploreRequest,
  refuseOld: () => void,
  onProgress: (progress: Progress) => void,
): Promise<Exploration> {
  const image = normalizeGrey(pixels); // [28, 28]
  const ids = modelIds.filter((id) => resident.model(id) !== null);
  const logits: { [Id in ModelId]?: Float32Array } = {};
  const traces: { [Id in ModelId]?: Trace } = {};
  const forwardMs: { [Id in ModelId]?: number } = {};
  const paths: { [Id in ModelId]?: ForwardPath } = {};
  const distortions: { [Id in StudentId]?: Distortion } = {};
  for (const [done, id] of ids.entries()) {
    onProgress({ kind: 'running', what: resident.label(id), done, total: ids.length });
    await pause();
    refuseOld();
    const model = resident.model(id);
    if (model === null) throw new Error('the models went to another backend meanwhile');
    const startedMs = now();
    const trace = await traceImage(model, image, FORWARD_ONLY);
    forwardMs[id] = now() - startedMs;
    paths[id] = pathOf(model);
    traces[id] = trace;
    logits[id] = trace.logits;
    resident.refuseLost();
  }
  for (const id of STUDENT_IDS) {
    const { teacher, [id]: student } = traces;
    if (teacher === undefined || student === undefined) continue;
    await pause();
    refuseOld();
    distortions[id] = distortionOf(teacher, student);
  }
  onProgress({ kind: 'running', what: 'done', done: ids.length, total: ids.length });
  return { logits, traces, distortions, forwardMs, paths };
}
