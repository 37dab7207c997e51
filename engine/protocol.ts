/**
 * What the page and the model worker say to each other: types and plain data only, so that anyone may import it.
 *
 * The page never sees a tensor: every number crosses as a typed array whose buffer is transferred, never copied.
 */
import type { AnalysisKind, AnalysisProgress, AnalysisRequest, AnalysisResult } from '@/engine/analysis';
import type {
  CheckpointReport,
  GoldenReport,
  GoldenRequest,
  InspectRequest,
  OpenBackboneRequest,
  OpenedBackbone,
} from '@/engine/backbone';
import type { CellValue } from '@/lib/metrics/cell';
import type { DeitConfig } from '@/models/config';
import type { LiveQuery, LiveRun } from '@/models/live';
import type { LoadedKernels } from '@/lib/kernels/load-kernels';
import type { ForwardPath } from '@/models/packed';
import type { Trace } from '@/models/recorder';

export type { ForwardPath, LoadedKernels, Trace };

/** Ids of the embedded family, in the order in which panels list them. */
export const MODEL_IDS = ['teacher', 'baseline', 'scaling', 'ranking', 'bi-vit'] as const;
export type ModelId = (typeof MODEL_IDS)[number];
export type StudentId = Exclude<ModelId, 'teacher'>;
export const STUDENT_IDS: readonly StudentId[] = ['baseline', 'scaling', 'ranking', 'bi-vit'];

/** The architecture that all five share, and that a visitor's checkpoint must have to take the place of one. */
export const FAMILY = {
  imageSize: 28,
  patchSize: 4,
  gridSide: 7,
  tokens: 50,
  layers: 4,
  heads: 4,
  classes: 10,
} as const;

/** What the app opens with, and what the build prepares the first picture for. */
export const DEFAULT_SAMPLE_INDEX = 9;
export const DEFAULT_STUDENT: StudentId = 'bi-vit';
/** 1,000 test images ship with the app, 100 a class. */
export const SAMPLE_COUNT = 1000;

/** How many keys count as the top of a row in the distortion matrix. */
export const TOP_K = 5;

export type BackendName = 'wasm' | 'webgpu' | 'webgl' | 'cpu';

/** Measures of the layer x head distortion matrix; ids of `lib/metrics/registry`. */
export const MATRIX_METRICS = ['cosine', 'jensenShannon', 'tauB', 'topKOverlap', 'entropyDifference'] as const;
export type MatrixMetric = (typeof MATRIX_METRICS)[number];

/** One student's distance from the teacher: [layer][head], for the softmaxed and for the binarized attention. */
export interface Distortion {
  readonly attention: { readonly [Metric in MatrixMetric]: readonly (readonly CellValue[])[] };
  readonly attentionBinary: { readonly [Metric in MatrixMetric]: readonly (readonly CellValue[])[] };
  /** Share of attention rows whose entries are all equal after the binarizer, per [layer][head]. */
  readonly constantRowShare: readonly (readonly number[])[];
}

/** Everything known about one image: all models' traces and every student's distortion. */
export interface Exploration {
  /** Of every model that ran; the prepared picture has them of all five, but the traces of two only. */
  readonly logits: { readonly [Id in ModelId]?: Float32Array }; // [classes]
  readonly traces: { readonly [Id in ModelId]?: Trace };
  readonly distortions: { readonly [Id in StudentId]?: Distortion };
  /** Milliseconds of each model's forward, measured in this run; null when it was not run here (the prepared picture). */
  readonly forwardMs: { readonly [Id in ModelId]?: number | null };
  /** How each was computed; nothing for the prepared picture. */
  readonly paths?: { readonly [Id in ModelId]?: ForwardPath };
}

export interface ExploreRequest {
  readonly modelIds: readonly ModelId[];
  /**
   * Pixels as the models see them before normalization, 0..1, channels first: 28 x 28 and grey for the family, [channels, size, size]
   * for a backbone.
   */
  readonly pixels: Float32Array;
}

/** One frame of the live view: what goes through which model, and which row of its attention is looked at. */
export interface LiveRequest extends LiveQuery {
  readonly modelId: ModelId;
  /** As in `ExploreRequest`. Handed over, not copied, and given back with the answer: a page needs only one such buffer. */
  readonly pixels: Float32Array<ArrayBuffer>;
}

export interface LiveFrame extends LiveRun {
  readonly pixels: Float32Array<ArrayBuffer>;
  /** In the worker, from the question to the answer. */
  readonly totalMs: number;
  /** Held by tensors after the frame. */
  readonly memoryBytes: number;
  readonly tensors: number;
}

/** One entry of `models/families/fashion-mnist/manifest.json`, as the page needs it. */
export interface ManifestModel {
  readonly id: ModelId;
  readonly label: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly config: DeitConfig;
  readonly switches: { readonly scaling: boolean; readonly ranking: boolean } | null;
  /** Share of the 10,000 test images, measured by the recipe in PyTorch. */
  readonly testAccuracy: number;
  /** Against the teacher's scores, before the attention binarizer; null for the teacher. */
  readonly meanTauB: number | null;
  /** Share of binarized attention rows whose entries are all equal; null for the teacher. */
  readonly constantRowShare: number | null;
}

export interface EngineInfo {
  readonly backend: BackendName;
  /** Why this backend, in a sentence. */
  readonly reason: string;
  /** Bytes held by tensors now. */
  readonly memoryBytes: number;
  readonly tensors: number;
  readonly models: readonly ModelId[];
  /** Of the wasm backend. */
  readonly kernels: LoadedKernels;
}

export type Progress =
  | {
      readonly kind: 'loading';
      readonly what: string;
      readonly loadedBytes: number;
      readonly totalBytes: number | null;
    }
  | { readonly kind: 'running'; readonly what: string; readonly done: number; readonly total: number };

/** Named errors: the page chooses words and remedies by `kind`; `sentence` is safe to show as text. */
export type EngineErrorKind =
  | 'cancelled'
  | 'checkpoint'
  | 'untold-heads'
  | 'image'
  | 'backend'
  | 'out-of-memory'
  | 'worker-died'
  | 'network'
  | 'internal';

export interface EngineErrorData {
  readonly kind: EngineErrorKind;
  readonly sentence: string;
}

/** Loads a checkpoint that the visitor brought; it takes the student's place under `id` until the page reloads. */
export interface LoadCheckpointRequest {
  readonly id: ModelId;
  readonly fileName: string;
  readonly bytes: ArrayBuffer;
}

export interface LoadedCheckpoint {
  readonly id: ModelId;
  readonly config: DeitConfig;
  readonly parameters: number;
  readonly used: number;
  readonly ignored: readonly { readonly key: string; readonly why: string }[];
}

/** The worker's whole surface. A call with a newer `ticket` of the same kind cancels the older one. */
export interface Engine {
  start(
    options: { readonly basePath: string; readonly backend: BackendName | 'auto' },
    onProgress: (progress: Progress) => void,
  ): Promise<EngineInfo>;
  explore(ticket: number, request: ExploreRequest, onProgress: (progress: Progress) => void): Promise<Exploration>;
  /**
   * One of the analyses, over `pixels` (as in `ExploreRequest`) unless it is one over the shipped images.
   * A newer ticket of the same kind cancels the older one.
   */
  analyze<Kind extends AnalysisKind>(
    ticket: number,
    kind: Kind,
    request: AnalysisRequest<Kind>,
    pixels: Float32Array,
    onProgress: (progress: AnalysisProgress<Kind>) => void,
  ): Promise<AnalysisResult<Kind>>;
  /** Cancels that kind's analyses whose ticket is at most this one; everything else goes on. */
  cancelAnalysis(kind: AnalysisKind, ticket: number): Promise<void>;
  /** One frame through one model, for a view that asks again and again; no traces are kept. */
  live(ticket: number, request: LiveRequest): Promise<LiveFrame>;
  loadCheckpoint(request: LoadCheckpointRequest): Promise<LoadedCheckpoint>;
  /** Puts a visitor's backbone in the place of the family, or gives the one that is open another recipe or student. */
  openBackbone(
    ticket: number,
    request: OpenBackboneRequest,
    onProgress: (progress: Progress) => void,
  ): Promise<OpenedBackbone>;
  /** The family again. */
  closeBackbone(): Promise<void>;
  /** What a checkpoint holds; nothing of it stays. */
  inspect(request: InspectRequest): Promise<CheckpointReport>;
  compareGolden(
    ticket: number,
    request: GoldenRequest,
    onProgress: (progress: Progress) => void,
  ): Promise<GoldenReport>;
  /** Cancels every call whose ticket is at most this one. */
  cancel(ticket: number): Promise<void>;
  info(): Promise<EngineInfo>;
  /** Answers at once unless the worker is dead. */
  ping(): Promise<true>;
}
