/** What the page may ask of the engine, and what it hears of it: types only. */
import type { Analysis, AnalysisProgress } from '@/engine/analysis';
import type { Clock } from '@/engine/heartbeat';
import type {
  BackendName,
  CheckpointReport,
  EngineErrorData,
  EngineInfo,
  Exploration,
  ExploreRequest,
  FamilyPictures,
  GoldenReport,
  GoldenRequest,
  InspectRequest,
  LiveFrame,
  LiveRequest,
  OpenedFamily,
  OpenFamilyRequest,
  Progress,
  ReplaceMemberRequest,
} from '@/engine/protocol';
import type { SpawnedWorker } from '@/engine/spawned-worker';

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
  /** The newest with its id wins, as with `explore`; the events say nothing of it. @throws EngineError */
  readonly analyze: <Request, Result>(
    analysis: Analysis<Request, Result>,
    request: Request,
    pixels: Float32Array,
    onProgress: (progress: AnalysisProgress<Result>) => void,
  ) => Promise<Result>;
  /** The running one is rejected with `cancelled`. */
  readonly cancelAnalysis: (id: string) => void;
  /** One at a time; the events say nothing of it, and a new worker does not take it over. @throws EngineError */
  readonly live: (request: LiveRequest) => Promise<LiveFrame>;
  /** The newest wins; its progress is told in the events. A worker that dies hands it to the next one. @throws EngineError */
  readonly openFamily: (request: OpenFamilyRequest, pictures: FamilyPictures) => Promise<OpenedFamily>;
  /** @throws EngineError */
  readonly replaceMember: (request: ReplaceMemberRequest) => Promise<CheckpointReport>;
  /** @throws EngineError */
  readonly inspect: (request: InspectRequest) => Promise<CheckpointReport>;
  /** @throws EngineError */
  readonly compareGolden: (request: GoldenRequest, onProgress: (progress: Progress) => void) => Promise<GoldenReport>;
  /** A fresh worker, on request: forgets earlier deaths. */
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
