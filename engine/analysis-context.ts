/** What an analysis finds in the worker. One file beside this one for each kind; `all.ts` lists them. */
import type { Sample } from '@/lib/images/samples';
import type { AnalysisKind, AnalysisProgress, AnalysisRequest, AnalysisResult } from '@/engine/analysis';
import type { Latents } from '@/models/families/latents';
import type { EngineInfo, ModelId, Trace } from '@/engine/protocol';
import type { ModelParts } from '@/engine/serve-family';
import type { Model } from '@/models/model';
import type { TraceOptions } from '@/models/trace';

export interface AnalysisContext<Kind extends AnalysisKind> {
  /** The picture on screen, normalized as the models take it. */
  readonly image: Float32Array; // [channels * size * size]
  /** Models that are loaded, in the family's order. */
  readonly modelIds: readonly ModelId[];
  /** @throws EngineError when it is not loaded */
  readonly model: (id: ModelId) => Model;
  /** The picture through a model; the same options give the same trace, which is kept for a while. */
  readonly trace: (id: ModelId, options: TraceOptions) => Promise<Trace>;
  /** The family's shipped images with their classes, fetched once. @throws EngineError while a backbone is open */
  readonly samples: () => Promise<readonly Sample[]>;
  /**
   * At most so many shipped pictures as the models take them: the family's images, or the photographs that a backbone is calibrated on.
   *
   * @throws EngineError
   */
  readonly pictures: (count: number) => Promise<readonly Float32Array[]>;
  /** Histograms of the shipped students' latent weights, fetched once (`fetchLatents`); `null` where they cannot be had. */
  readonly latents: () => Promise<Latents | null>;
  /** What runs here. */
  readonly info: () => EngineInfo;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** What `models/` gives. */
  readonly parts: ModelParts;
  /**
   * To be awaited between pieces of at most about 50 ms: reports, lets messages in.
   * @throws EngineError `cancelled` when nobody waits for the result any more
   */
  readonly step: (progress: AnalysisProgress<Kind>) => Promise<void>;
}

export type Analyze<Kind extends AnalysisKind> = (
  request: AnalysisRequest<Kind>,
  context: AnalysisContext<Kind>,
) => Promise<AnalysisResult<Kind>>;
