/** Runs analyses inside the worker: between its steps each lets the picture on screen go first, and stops when it is out of date. */
import type { AnalysisProgress } from '@/engine/analysis';
import type { RegisteredCompute } from '@/engine/compute';
import type { AnalysisContext } from '@/engine/analysis-context';
import { EngineError } from '@/engine/engine-error';
import type { Session } from '@/engine/session';
import type { TraceCache } from '@/engine/trace-cache';

export interface AnalysesContext {
  readonly computes: readonly RegisteredCompute[];
  readonly traces: TraceCache;
  readonly pause: () => Promise<void>;
  readonly now: () => number;
  /** Resolves when no family is being opened and no picture explored. */
  readonly idle: () => Promise<void>;
}

export interface AnalysesRunner {
  readonly analyze: (
    ticket: number,
    id: string,
    request: unknown,
    pixels: Float32Array,
    onProgress: (progress: AnalysisProgress<never>) => void,
  ) => Promise<unknown>;
  /** Every one with that id (of all) whose ticket is at most this one. */
  readonly cancel: (ticket: number, id: string) => void;
}

/** For `cancel`. */
export const ALL_ANALYSES = '*';

export function runAnalyses(session: Session, { computes, traces, pause, now, idle }: AnalysesContext): AnalysesRunner {
  /** By id: tickets below these are out of date. */
  const valid = new Map<string, number>();
  const raise = (id: string, ticket: number): void => {
    valid.set(id, Math.max(valid.get(id) ?? 0, ticket));
  };

  function contextOf(pixels: Float32Array, step: AnalysisContext<never>['step']): AnalysisContext<never> {
    const image = session.normalize(pixels); // [channels * size * size]
    const { memberIds } = session;
    return {
      image,
      config: session.open.config,
      modelIds: memberIds,
      studentIds: memberIds.filter((id) => session.modelOrFail(id).quantization.name !== 'none'),
      model: (id) => session.modelOrFail(id),
      trace: (id, options) => traces.trace(id, image, options),
      samples: session.samples,
      latents: session.latents,
      info: () => session.info(),
      now,
      step,
    };
  }

  return {
    analyze: async (ticket, id, request, pixels, onProgress) => {
      const found = computes.find((each) => each.id === id);
      if (found === undefined) throw new EngineError('internal', `There is no analysis “${id}”. Reload the page.`);
      raise(id, ticket);
      const { familyNumber } = session;

      async function once(compute: RegisteredCompute['compute']): Promise<unknown> {
        const { generation } = session;
        const goOn = async (): Promise<void> => {
          await pause();
          await idle();
          if (ticket < Math.max(valid.get(id) ?? 0, valid.get(ALL_ANALYSES) ?? 0))
            throw new EngineError('cancelled', 'Nobody waits for this result any more.');
          // Another family takes another picture.
          if (session.familyNumber !== familyNumber) throw new EngineError('cancelled', 'Another model is open now.');
          session.refuseLost();
          if (session.generation !== generation) throw new Error('the models changed meanwhile');
        };
        try {
          await goOn(); // of a burst of questions only the last one is computed
          const context = contextOf(pixels, async (progress) => {
            onProgress(progress);
            await goOn();
          });
          const result = await compute(request as never, context);
          await goOn();
          return result;
        } catch (error) {
          // Half of it is of the models as they were.
          if (error instanceof EngineError || session.generation === generation) throw error;
          return once(compute);
        }
      }

      return session.orOnWasm(() => once(found.compute));
    },
    cancel: (ticket, id) => raise(id, ticket + 1),
  };
}
