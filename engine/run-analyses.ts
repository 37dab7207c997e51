/** The analyses inside the worker: each between its steps lets the picture on screen go first, and stops when it is in vain. */
import type { AnalysisKind, AnalysisProgress, AnalysisRequest, AnalysisResult } from '@/engine/analysis';
import { ANALYSES } from '@/analyses/computes';
import type { AnalysisContext } from '@/engine/analysis-context';
import { EngineError } from '@/engine/engine-error';
import { MODEL_IDS } from '@/engine/protocol';
import type { ModelParts } from '@/engine/serve-family';
import type { Resident } from '@/engine/session';
import type { TraceCache } from '@/engine/trace-cache';

export interface AnalysesParts {
  readonly models: ModelParts;
  readonly traces: TraceCache;
  readonly pause: () => Promise<void>;
  readonly now: () => number;
  /** Comes back when no picture is being explored. */
  readonly explored: () => Promise<void>;
}

export interface ServedAnalyses {
  readonly analyze: <Kind extends AnalysisKind>(
    ticket: number,
    kind: Kind,
    request: AnalysisRequest<Kind>,
    pixels: Float32Array,
    onProgress: (progress: AnalysisProgress<Kind>) => void,
  ) => Promise<AnalysisResult<Kind>>;
  /** Every one of the kind (of all kinds) whose ticket is at most this one. */
  readonly cancel: (ticket: number, kind: AnalysisKind | 'all') => void;
}

export function servedAnalyses(
  resident: Resident,
  { models, traces, pause, now, explored }: AnalysesParts,
): ServedAnalyses {
  /** Tickets below these are in vain. */
  const valid = new Map<AnalysisKind | 'all', number>();
  const raise = (kind: AnalysisKind | 'all', ticket: number): void => {
    valid.set(kind, Math.max(valid.get(kind) ?? 0, ticket));
  };

  function contextOf<Kind extends AnalysisKind>(
    pixels: Float32Array,
    report: AnalysisContext<Kind>['step'],
  ): AnalysisContext<Kind> {
    const image = resident.normalize(pixels); // [channels * size * size]
    return {
      image,
      modelIds: MODEL_IDS.filter((id) => resident.model(id) !== null),
      model: (id) => resident.modelOrFail(id),
      trace: (id, options) => traces.trace(id, image, options),
      samples: resident.samples,
      pictures: resident.pictures,
      latents: resident.latents,
      info: () => resident.info(),
      now,
      parts: models,
      step: report,
    };
  }

  return {
    analyze: (ticket, kind, request, pixels, onProgress) => {
      raise(kind, ticket);
      const { subject } = resident;

      async function once(): Promise<AnalysisResult<typeof kind>> {
        const { generation } = resident;
        const goOn = async (): Promise<void> => {
          await pause();
          await explored();
          if (ticket < Math.max(valid.get(kind) ?? 0, valid.get('all') ?? 0))
            throw new EngineError('cancelled', 'Nobody waits for this result any more.');
          // Of another model it would be asked with another picture.
          if (resident.subject !== subject) throw new EngineError('cancelled', 'Another model is open now.');
          resident.refuseLost();
          if (resident.generation !== generation) throw new Error('the models changed meanwhile');
        };
        try {
          await goOn(); // of a burst of questions only the last one is computed
          const context = contextOf<typeof kind>(pixels, async (progress) => {
            onProgress(progress);
            await goOn();
          });
          const result = await ANALYSES[kind](request, context);
          await goOn();
          return result;
        } catch (error) {
          // Half of it is of the models as they were.
          if (error instanceof EngineError || resident.generation === generation) throw error;
          return once();
        }
      }

      return resident.orOnWasm(once);
    },
    cancel: (ticket, kind) => raise(kind, ticket + 1),
  };
}
