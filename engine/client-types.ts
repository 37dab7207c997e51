/** What the page may ask of the engine, and what it hears of it: types only. */
import type { AnalysisKind, AnalysisProgress, AnalysisRequest, AnalysisResult } from '@/engine/analysis';
import type {
  CheckpointReport,
  GoldenReport,
  GoldenRequest,
  InspectRequest,
  OpenBackboneRequest,
  OpenedBackbone,
} from '@/engine/backbone';
import type { Clock } from '@/engine/heartbeat';
import type {
  BackendName,
  EngineErrorData,
  EngineInfo,
  Exploration,
  ExploreRequest,
  LiveFrame,
  LiveRequest,
  LoadCheckpointRequest,
  LoadedCheckpoint,
  Progress,
} from '@/engine/protocol';
import type { SpawnedWorker } from '@/engine/spawn';

/** What the engine goes through, as it happens. */
export type EngineEvent =
  | { readonly kind: 'loading' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** `runMs`: wall time of the run that has just ended; `null` after loading. */
  | { readonly kind: 'ready'; readonly info: EngineInfo; readonly runMs: number | null }
  | { readonly kind: 'running' }
  | { readonly kind: 'restarting'; readonly sentence: string }
  | { readonly kind: 'failed'; readonly error: EngineErrorData };

export interface EngineClient {
  /** Newest wins: an earlier call that is not through is rejected with `cancelled`. @throws EngineError */
  readonly explore: (request: ExploreRequest) => Promise<Exploration>;
  /** The newest of its kind wins, as with `explore`; nothing is said of it in the events. @throws EngineError */
  readonly analyze: <Kind extends AnalysisKind>(
    kind: Kind,
    request: AnalysisRequest<Kind>,
    pixels: Float32Array,
    onProgress: (progress: AnalysisProgress<Kind>) => void,
  ) => Promise<AnalysisResult<Kind>>;
  /** The running one is rejected with `cancelled`. */
  readonly cancelAnalysis: (kind: AnalysisKind) => void;
  /** One at a time; nothing is said of it in the events, and a new worker does not take it over. @throws EngineError */
  readonly live: (request: LiveRequest) => Promise<LiveFrame>;
  /** @throws EngineError */
  readonly loadCheckpoint: (request: LoadCheckpointRequest) => Promise<LoadedCheckpoint>;
  /** The newest wins, as with `explore`; its progress is told in the events. A worker that dies hands it to the next one. @throws EngineError */
  readonly openBackbone: (request: OpenBackboneRequest) => Promise<OpenedBackbone>;
  readonly closeBackbone: () => Promise<void>;
  /** @throws EngineError */
  readonly inspect: (request: InspectRequest) => Promise<CheckpointReport>;
  /** @throws EngineError */
  readonly compareGolden: (request: GoldenRequest, onProgress: (progress: Progress) => void) => Promise<GoldenReport>;
  /** A fresh worker, at the visitor's wish: forgets earlier deaths. */
  readonly restart: (backend: BackendName | 'auto') => void;
  readonly close: () => void;
}

export interface EngineClientOptions {
  readonly spawn: () => SpawnedWorker;
  readonly clock: Clock;
  readonly basePath: string;
  readonly backend: BackendName | 'auto';
  readonly listen: (event: EngineEvent) => void;
}
