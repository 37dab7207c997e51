/**
 * What the page and the model worker say to each other: types and plain data only, so that anyone may import it.
 *
 * The page never sees a tensor: every number crosses as a typed array whose buffer is transferred, not copied.
 */
import type { Analysis, AnalysisProgress } from '@/engine/analysis';
import type { LoadedKernels } from '@/lib/kernels/load-kernels';
import type { Preprocessing } from '@/lib/images/preprocessing';
import type { ModelConfig } from '@/models/config';
import type { MemberId } from '@/models/families/family';
import type { LiveQuery, LiveRun } from '@/models/live';
import type { ForwardPath } from '@/models/packed-model';
import type { BinarizationRecipe } from '@/models/recipe';
import type { Trace } from '@/models/trace';

export type { ForwardPath, LoadedKernels, Trace };

export type BackendName = 'wasm' | 'webgpu' | 'webgl' | 'cpu';

// Families

/** A checkpoint as the browser's cache holds it. */
export interface CheckpointFile {
  readonly id: string;
  readonly label: string;
  readonly bytes: ArrayBuffer;
  /** Heads of each layer, where somebody stated them: a full-precision ViT's shapes do not tell. */
  readonly numHeads: number | null;
}

export interface OpenFamilyRequest {
  readonly familyId: string;
  /** `embedded`: fetched by the worker. `null`: those of the family that is open; only its students change. */
  readonly weights: 'embedded' | CheckpointFile | null;
  /** A trained student to put beside a full-precision checkpoint. */
  readonly trained: CheckpointFile | null;
  /** How a full-precision checkpoint is binarized on the spot; an embedded family has its own students. */
  readonly recipe: BinarizationRecipe | null;
}

/** A sample picture of the family: pixels as in `ExploreRequest`, and its class where that is known. */
export interface SamplePicture {
  readonly pixels: Float32Array;
  readonly label: number | null;
}

/** What the worker asks the page for, since only the page decodes pictures. */
export interface FamilyPictures {
  /** How pictures become the input of a model with this configuration. */
  readonly preprocessing: (config: ModelConfig) => Promise<Preprocessing>;
  /** At most so many of the family's samples, the same ones every time. */
  readonly samples: (count: number, preprocessing: Preprocessing) => Promise<readonly SamplePicture[]>;
}

export interface OpenedFamily {
  readonly familyId: string;
  readonly config: ModelConfig;
  readonly memberIds: readonly MemberId[];
  /** Of a checkpoint; `null` for an embedded family. */
  readonly report: CheckpointReport | null;
}

/** What a checkpoint holds, and what of it a model here uses. */
export interface CheckpointReport {
  readonly config: ModelConfig;
  readonly isBinary: boolean;
  readonly parameters: number;
  readonly used: number;
  readonly ignored: readonly { readonly key: string; readonly why: string }[];
  /** Keys without which no model can be made of it. */
  readonly missing: readonly string[];
}

/** Puts a person's checkpoint in the place of a member until the page reloads. */
export interface ReplaceMemberRequest {
  readonly id: MemberId;
  readonly fileName: string;
  readonly bytes: ArrayBuffer;
}

export interface InspectRequest {
  readonly bytes: ArrayBuffer;
  /** As in `CheckpointFile`. */
  readonly numHeads: number | null;
}

/** A checkpoint, run here, against what PyTorch gave for it; see `tests/golden`. */
export interface GoldenRequest {
  readonly checkpoint: ArrayBuffer;
  readonly golden: ArrayBuffer;
  /** As in `CheckpointFile`. */
  readonly numHeads: number | null;
}

export interface GoldenRow {
  readonly stage: string;
  readonly entries: number;
  readonly maxError: number;
  /** Entries whose sign differs; `null` where the stage has no signs. */
  readonly flips: number | null;
}

export interface GoldenReport {
  readonly rows: readonly GoldenRow[];
  readonly logitsMaxError: number;
  readonly images: number;
}

// Pictures

export interface ExploreRequest {
  readonly modelIds: readonly MemberId[];
  /** Before normalization, 0..1. */
  readonly pixels: Float32Array; // [channels, size, size]
}

/** One picture through the models. */
export interface Exploration {
  readonly logits: { readonly [id: MemberId]: Float32Array }; // [classes]
  /** The prepared picture has those of two members only. */
  readonly traces: { readonly [id: MemberId]: Trace };
  /** Milliseconds of each forward, measured in this run; `null` in the prepared picture. */
  readonly forwardMs: { readonly [id: MemberId]: number | null };
  /** How each was computed; empty in the prepared picture. */
  readonly paths: { readonly [id: MemberId]: ForwardPath };
}

/** One frame of the live view. */
export interface LiveRequest extends LiveQuery {
  readonly modelId: MemberId;
  /** As in `ExploreRequest`. Handed over, not copied, and given back with the answer. */
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

// The engine

export interface EngineInfo {
  readonly backend: BackendName;
  /** Why this backend, in a sentence. */
  readonly reason: string;
  /** Bytes held by tensors now. */
  readonly memoryBytes: number;
  readonly tensors: number;
  readonly models: readonly MemberId[];
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
export const ENGINE_ERROR_KINDS = [
  'cancelled',
  'checkpoint',
  'untold-heads',
  'image',
  'backend',
  'out-of-memory',
  'worker-died',
  'network',
  'internal',
] as const;
export type EngineErrorKind = (typeof ENGINE_ERROR_KINDS)[number];

export interface EngineErrorData {
  readonly kind: EngineErrorKind;
  readonly sentence: string;
}

type OnProgress = (progress: Progress) => void;

/** The worker's whole surface. A call with a newer `ticket` of the same kind cancels the older one. */
export interface Engine {
  start(options: { readonly basePath: string; readonly backend: BackendName | 'auto' }): Promise<EngineInfo>;
  /** Opens a family in the place of the one that is open, or changes that one's students. When it fails, nothing changes. */
  openFamily(
    ticket: number,
    request: OpenFamilyRequest,
    pictures: FamilyPictures,
    onProgress: OnProgress,
  ): Promise<OpenedFamily>;
  replaceMember(request: ReplaceMemberRequest): Promise<CheckpointReport>;
  /** Waits for a family that is being opened. */
  explore(ticket: number, request: ExploreRequest, onProgress: OnProgress): Promise<Exploration>;
  /** Answers one analysis over `pixels` (as in `ExploreRequest`), unless it does not use the picture. */
  analyze<Request, Result>(
    ticket: number,
    analysis: Analysis<Request, Result>,
    request: Request,
    pixels: Float32Array,
    onProgress: (progress: AnalysisProgress<Result>) => void,
  ): Promise<Result>;
  /** Cancels that analysis where its ticket is at most this one. */
  cancelAnalysis(id: string, ticket: number): Promise<void>;
  /** One frame through one model; no trace is kept. */
  live(ticket: number, request: LiveRequest): Promise<LiveFrame>;
  /** What a checkpoint holds; nothing of it stays. */
  inspect(request: InspectRequest): Promise<CheckpointReport>;
  compareGolden(ticket: number, request: GoldenRequest, onProgress: OnProgress): Promise<GoldenReport>;
  /** Cancels every call whose ticket is at most this one. */
  cancel(ticket: number): Promise<void>;
  info(): Promise<EngineInfo>;
  /** Answers at once unless the worker is dead. */
  ping(): Promise<true>;
}
