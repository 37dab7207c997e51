/**
 * The whole state that panels read, and everything that they may do to it: types only.
 *
 * One image, one selection, one set of results; all of it plain data, replaced and never changed in place.
 */
import type { BackboneInput } from '@/lib/checkpoints/hub-config';
import type { Photograph } from '@/lib/images/photographs';
import type { RasterImage, SquareCrop } from '@/lib/images/raster';
import type { Sample } from '@/lib/images/samples';
import type { Selection } from '@/state/selection-types';
import type { Subject } from '@/state/subject';
import type { AnalysisKind, AnalysisProgress, AnalysisRequest, AnalysisResult } from '@/engine/analysis';
import type { OpenedBackbone } from '@/engine/backbone';
import type {
  BackendName,
  Exploration,
  LiveFrame,
  LiveRequest,
  LoadedCheckpoint,
  LoadedKernels,
  ManifestModel,
  ModelId,
  Progress,
} from '@/engine/protocol';

/** Steps back and forth through selections. */
export interface HistoryState {
  /** Oldest first; at most `HISTORY_LIMIT`. */
  readonly past: readonly Selection[];
  /** Next one first. */
  readonly future: readonly Selection[];
  /** The newest step: rapid changes of the same fields become one. `null` after going back or forth. */
  readonly last: { readonly fields: string; readonly atMs: number } | null;
}

/** The visible choices by which a photo becomes 28 x 28 grey. */
export interface PreprocessOptions {
  /** The square that is kept, in pixels of the original; `null` is the largest centred one. */
  readonly crop: SquareCrop | null;
  readonly invert: 'auto' | boolean;
  /** 0..2 about the mean grey; 1 leaves it alone. */
  readonly contrast: number;
}

interface ImageCommon {
  /** What `Selection.image` says: `sample-17`, `photo-cat` or `own-<hash>`. */
  readonly key: string;
  /** What the models see before normalization, 0..1, channels first. */
  readonly pixels: Float32Array; // [28, 28], or [channels, size, size] for a backbone
  /** The same in 8 bits. */
  readonly bytes: Uint8Array;
}

export interface SampleImage extends ImageCommon {
  readonly kind: 'sample';
  readonly index: number;
  /** True class, an index of `FASHION_MNIST_CLASSES`. */
  readonly label: number;
}

/** One of the shipped photographs, for backbones. */
export interface PhotoImage extends ImageCommon {
  readonly kind: 'photo';
  readonly photograph: Photograph;
}

export interface OwnImage extends ImageCommon {
  readonly kind: 'own';
  readonly name: string;
  readonly original: RasterImage;
  readonly options: PreprocessOptions;
  /** What the options came to: the crop that was taken, and whether `auto` inverted. */
  readonly applied: { readonly crop: SquareCrop; readonly inverted: boolean };
}

export type CurrentImage = SampleImage | PhotoImage | OwnImage;

export interface ImageState {
  /** The shipped test images, once they are here. */
  readonly samples: readonly Sample[] | null;
  /** The shipped photographs, once a backbone wanted them. */
  readonly photographs: readonly Photograph[] | null;
  readonly current: CurrentImage | null;
}

export interface ResultsState {
  /** Belongs to `key`; while `stale` that is an earlier image (or checkpoint) than the one shown at the left. */
  readonly current: Exploration | null;
  readonly key: string | null;
  readonly stale: boolean;
  /** Whether `current` was prepared when the app was built, and not computed here. */
  readonly prepared: boolean;
}

export type EnginePhase = 'cold' | 'loading' | 'ready' | 'running' | 'restarting' | 'failed';

export interface EngineState {
  readonly phase: EnginePhase;
  readonly backend: BackendName | null;
  /** Why this backend, or why the engine failed; a sentence. */
  readonly reason: string | null;
  /** Wall time of the last finished run over all models; `null` before the first. */
  readonly lastRunMs: number | null;
  readonly memoryBytes: number | null;
  /** The packed kernels; `null` before the start. */
  readonly kernels: LoadedKernels | null;
  readonly progress: Progress | null;
  /** How often a dead worker was replaced. */
  readonly restarts: number;
}

/** One kind of analysis, as far as it is. */
export interface AnalysisState<Kind extends AnalysisKind> {
  /** The last one that came; never changed in place. */
  readonly result: AnalysisResult<Kind> | null;
  /** Whether `result` is of an earlier picture, request or model than the one asked for. */
  readonly stale: boolean;
  /** Names the request asked last (`requestKey`); `null` when nobody wants it now. */
  readonly asked: string | null;
  /** Asked for, and neither answered nor stopped; also while it waits for the engine. */
  readonly running: boolean;
  /** Stays when the visitor stops it: what is known by then is worth showing. */
  readonly progress: AnalysisProgress<Kind> | null;
  /** A sentence. */
  readonly error: string | null;
}

/** A kind that nobody asked for yet has no entry. */
export type AnalysesState = { readonly [Kind in AnalysisKind]?: AnalysisState<Kind> };

export interface Notice {
  readonly id: number;
  readonly kind: 'error' | 'info';
  readonly title: string;
  readonly sentence: string;
}

/** Where a backbone is on its way; the family needs none. */
export interface BackboneState {
  readonly phase: 'none' | 'opening' | 'open';
  /** Of the one that is open. */
  readonly opened: OpenedBackbone | null;
  /** How a picture becomes its input. */
  readonly input: BackboneInput | null;
  /** Others that are kept in this browser; which of them fits in the student's place is known when it is tried. */
  readonly shelved: readonly { readonly id: string; readonly label: string }[];
}

export interface AppState {
  /** Whose shape, pictures and classes the panels show. */
  readonly subject: Subject;
  readonly backbone: BackboneState;
  readonly selection: Selection;
  readonly history: HistoryState;
  readonly image: ImageState;
  readonly results: ResultsState;
  readonly analyses: AnalysesState;
  readonly engine: EngineState;
  readonly notices: readonly Notice[];
  /** The manifest's models; `null` until it is here. */
  readonly family: readonly ManifestModel[] | null;
}

/** Everything that a panel may do. Stable: one object for the life of the lens; no method needs `this`. */
export interface AppActions {
  /** Rapid changes of the same fields (a drag, a held arrow key) become one step of the history. Values outside their range are refused. */
  readonly select: (change: Partial<Selection>) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Takes a decoded picture as the image; `name` is shown only. Ask `decodeBlob` for at most `OWN_IMAGE_MAX_PIXELS`. */
  readonly addOwnImage: (original: RasterImage, name: string) => void;
  /** Does nothing while a sample is shown. */
  readonly setPreprocess: (change: Partial<PreprocessOptions>) => void;
  readonly notify: (notice: Omit<Notice, 'id'>) => void;
  readonly dismiss: (id: number) => void;
  /** Loads a visitor's checkpoint in the place of `id`, and explores again. A refusal becomes a notice, and `null`. */
  readonly loadCheckpoint: (id: ModelId, fileName: string, bytes: ArrayBuffer) => Promise<LoadedCheckpoint | null>;
  /**
   * One frame of the live view; its pixels are handed over and come back with the answer. One at a time: another, or one
   * before the models are here, is refused with an EngineError of the kind `cancelled`.
   */
  readonly live: (request: LiveRequest) => Promise<LiveFrame>;
  /** Starts the engine again: after it gave up, or on another backend. */
  readonly restartEngine: (backend?: BackendName | 'auto') => void;
  /**
   * Wants an analysis, again and again as picture and models change, until what it returns is called. One request a kind: a
   * newer one takes the place of the older. Panels use `useAnalysis`.
   */
  readonly analyze: <Kind extends AnalysisKind>(kind: Kind, request: AnalysisRequest<Kind>) => () => void;
  /** Stops a running one at the visitor's wish. */
  readonly cancelAnalysis: (kind: AnalysisKind) => void;
  /** After an error, or after it was stopped. */
  readonly retryAnalysis: (kind: AnalysisKind) => void;
}

/** 1 MP is plenty to choose a crop from, and small enough to keep. */
export const OWN_IMAGE_MAX_PIXELS = 2 ** 20;
