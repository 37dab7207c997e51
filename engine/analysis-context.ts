/** What an analysis finds in the worker. */
import type { AnalysisProgress } from '@/engine/analysis';
import type { EngineInfo, SamplePicture, Trace } from '@/engine/protocol';
import type { ModelConfig } from '@/models/config';
import type { MemberId } from '@/models/families/family';
import type { Latents } from '@/models/families/latents';
import type { Model } from '@/models/model';
import type { TraceOptions } from '@/models/trace';

export interface AnalysisContext<Result> {
  /** The picture on screen, normalized as the models take it. */
  readonly image: Float32Array; // [channels * size * size]
  /** Of the family that is open, but for each member's quantization. */
  readonly config: ModelConfig;
  /** Members that are loaded, in the family's order. */
  readonly modelIds: readonly MemberId[];
  /** Those of them that are binarized. */
  readonly studentIds: readonly MemberId[];
  /** @throws EngineError when it is not loaded */
  readonly model: (id: MemberId) => Model;
  /** The picture through a model; the same options give the same trace, which is kept for a while. */
  readonly trace: (id: MemberId, options: TraceOptions) => Promise<Trace>;
  /** At most so many of the family's sample pictures, normalized, with their classes where those are known. @throws EngineError */
  readonly samples: (count: number) => Promise<readonly SamplePicture[]>;
  /** Histograms of the embedded students' latent weights; `null` where there are none. */
  readonly latents: () => Promise<Latents | null>;
  readonly info: () => EngineInfo;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /**
   * To be awaited between pieces of at most about 50 ms: reports, and lets messages in.
   * @throws EngineError `cancelled` when nobody waits for the result any more
   */
  readonly step: (progress: AnalysisProgress<Result>) => Promise<void>;
}
