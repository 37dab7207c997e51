/**
 * The engine itself, as it runs inside the worker, in Node's tools and in tests: nothing here knows which of them it is.
 */
import { normalizeGrey } from '@/lib/images/grey28';
import { EngineError, toEngineError } from '@/lib/worker/engine-error';
import type { Fetch } from '@/lib/worker/manifest';
import {
  FAMILY,
  STUDENT_IDS,
  type BackendName,
  type Distortion,
  type Engine,
  type EngineInfo,
  type Exploration,
  type ExploreRequest,
  type ModelId,
  type Progress,
  type StudentId,
  type Trace,
} from '@/lib/worker/protocol';
import { distortionOf } from '@/lib/worker/serve-distortion';
import { Family, fetchFamily, refuseLarge, type CheckpointFile, type ModelParts } from '@/lib/worker/serve-family';
import type { Tensors } from '@/lib/worker/serve-tensors';
import type { Model } from '@/models/model';
import type { TraceOptions } from '@/models/trace';

const WHY_WASM =
  'WebAssembly is the default: it runs everywhere, gives the same numbers everywhere and keeps the page smooth.';

/** No panel of this version shows a gradient. */
const FORWARD_ONLY: TraceOptions = { gradients: false, lossClass: 'predicted' };

export interface EngineParts extends ModelParts {
  /** One normalized image [28 * 28] through a model. */
  readonly traceImage: (model: Model, image: Float32Array, options: TraceOptions) => Promise<Trace>;
  readonly tensors: Tensors;
  readonly fetch: Fetch;
  /** Lets messages in: a cancellation waits there. */
  readonly pause: () => Promise<void>;
  readonly now: () => number;
}

export function createEngine(parts: EngineParts): Engine {
  const { tensors, pause, now } = parts;
  const family = new Family(parts);
  /** What the models were made of: after a lost context they are made again. */
  const files = new Map<ModelId, CheckpointFile>();
  let selected: { readonly backend: BackendName; readonly reason: string } | null = null;
  let basePath = '';
  let newestTicket = 0;
  let cancelledTicket = 0;

  function info(): EngineInfo {
    if (selected === null)
      throw new EngineError('internal', 'The engine was asked before it was started. Reload the page.');
    return { ...selected, ...tensors.memory(), models: family.ids };
  }

  async function select(preference: BackendName): Promise<void> {
    try {
      selected = await tensors.selectBackend(preference, basePath);
    } catch (cause) {
      throw new EngineError(
        'backend',
        'This browser can run none of the ways to compute that this app knows. Try a current browser.',
        { cause },
      );
    }
  }

  /** A lost context takes its tensors with it: the next backend gets fresh ones. */
  async function fallBack(lost: BackendName): Promise<void> {
    family.dispose();
    await select('wasm');
    if (selected === null || selected.backend === lost) {
      throw new EngineError('backend', `The ${lost} backend stopped working and no other one starts. Reload the page.`);
    }
    selected = { ...selected, reason: `The ${lost} backend lost its context; running on ${selected.backend} instead.` };
    for (const { id, bytes } of files.values()) family.put(id, bytes);
  }

  function refuseOld(ticket: number): void {
    if (ticket < newestTicket || ticket <= cancelledTicket) {
      throw new EngineError('cancelled', 'A newer picture took its place.');
    }
  }

  async function exploreOnce(
    ticket: number,
    { modelIds, pixels }: ExploreRequest,
    onProgress: (progress: Progress) => void,
  ): Promise<Exploration> {
    const image = normalizeGrey(pixels); // [28, 28]
    const ids = modelIds.filter((id) => family.get(id) !== null);
    const logits: { [Id in ModelId]?: Float32Array } = {};
    const traces: { [Id in ModelId]?: Trace } = {};
    const forwardMs: { [Id in ModelId]?: number } = {};
    const distortions: { [Id in StudentId]?: Distortion } = {};
    for (const [done, id] of ids.entries()) {
      onProgress({ kind: 'running', what: files.get(id)?.label ?? id, done, total: ids.length });
      await pause();
      refuseOld(ticket);
      const model = family.get(id);
      if (model === null) continue;
      const startedMs = now();
      const trace = await parts.traceImage(model, image, FORWARD_ONLY);
      forwardMs[id] = now() - startedMs;
      traces[id] = trace;
      logits[id] = trace.logits;
      if (tensors.isContextLost()) throw new Error('the context was lost');
    }
    for (const id of STUDENT_IDS) {
      const { teacher, [id]: student } = traces;
      if (teacher === undefined || student === undefined) continue;
      await pause();
      refuseOld(ticket);
      distortions[id] = distortionOf(teacher, student);
    }
    onProgress({ kind: 'running', what: 'done', done: ids.length, total: ids.length });
    return { logits, traces, distortions, forwardMs };
  }

  return {
    start: ({ basePath: path, backend }, onProgress) =>
      named(async () => {
        basePath = path;
        await select(backend === 'auto' ? 'wasm' : backend);
        if (backend === 'auto' && selected?.backend === 'wasm') selected = { backend: 'wasm', reason: WHY_WASM };
        family.dispose();
        files.clear();
        for (const file of await fetchFamily(parts.fetch, basePath, onProgress)) {
          try {
            family.put(file.id, file.bytes);
          } catch (cause) {
            throw new EngineError(
              'checkpoint',
              `The model “${file.label}” cannot be used. ${toEngineError(cause).sentence}`,
              { cause },
            );
          }
          files.set(file.id, file);
        }
        return info();
      }),

    explore: (ticket, request, onProgress) =>
      named(async () => {
        newestTicket = Math.max(newestTicket, ticket);
        checkPixels(request.pixels);
        const { backend } = info();
        try {
          return await exploreOnce(ticket, request, onProgress);
        } catch (error) {
          const isGraphics = backend === 'webgl' || backend === 'webgpu';
          if (error instanceof EngineError || !isGraphics) throw error;
          await fallBack(backend);
          return await exploreOnce(ticket, request, onProgress);
        }
      }),

    loadCheckpoint: ({ id, fileName, bytes }) =>
      named(async () => {
        refuseLarge(bytes);
        const loaded = family.put(id, new Uint8Array(bytes));
        files.set(id, { id, label: fileName, bytes: new Uint8Array(bytes) });
        return loaded;
      }),

    cancel: (ticket) =>
      named(async () => {
        cancelledTicket = Math.max(cancelledTicket, ticket);
      }),

    info: () => named(async () => info()),
    ping: () => Promise.resolve(true),
  };
}

/** Whatever goes wrong leaves with a name and a sentence. */
async function named<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw toEngineError(error);
  }
}

function checkPixels(pixels: Float32Array): void {
  const size = FAMILY.imageSize ** 2;
  if (pixels.length !== size || !pixels.every((value) => value >= 0 && value <= 1)) {
    throw new EngineError(
      'image',
      `The models take ${size} grey values between 0 and 1; this picture has others. Choose another one.`,
    );
  }
}
