/**
 * The whole state that panels read, and everything that they may do to it: types only.
 *
 * One image, one selection, one set of results; all of it plain data, replaced and never changed in place.
 */
import type { AnalysisProgress, Analysis } from '@/engine/analysis';
import type {
  BackendName,
  CheckpointReport,
  Exploration,
  LiveFrame,
  LiveRequest,
  LoadedKernels,
  Progress,
} from '@/engine/protocol';
import type { PictureOptions, PreparedPicture } from '@/lib/images/preprocessing';
import type { RasterImage } from '@/lib/images/raster';
import type { MemberId, ModelFamily } from '@/models/families/family';
import type { Selection } from '@/state/selection-types';

/** Steps back and forth through selections. */
export interface HistoryState {
  /** Oldest first; at most `HISTORY_LIMIT`. */
  readonly past: readonly Selection[];
  /** Next one first. */
  readonly future: readonly Selection[];
  /** The newest step: rapid changes of the same fields become one. `null` after going back or forth. */
  readonly last: { readonly fields: string; readonly atMs: number } | null;
}

/** One of the pictures that come with a family. */
export interface FamilySample {
  /** What `Selection.image` says: `sample-17`, `photo-cat`. */
  readonly key: string;
  readonly title: string;
  /** True class; `null` where nobody knows it. */
  readonly classIndex: number | null;
  readonly thumbnail:
    | { readonly kind: 'grey'; readonly side: number; readonly bytes: Uint8Array }
    | { readonly kind: 'url'; readonly url: string };
  /** Author and licence. */
  readonly credit: string | null;
}

interface ImageCommon {
  /** What `Selection.image` says. */
  readonly key: string;
  /** What the models see before normalization, 0..1. */
  readonly pixels: Float32Array; // [channels, size, size]
  /** The same in 8 bits. */
  readonly bytes: Uint8Array; // [channels, size, size]
}

export interface SampleImage extends ImageCommon {
  readonly kind: 'sample';
  readonly sample: FamilySample;
}

export interface OwnImage extends ImageCommon {
  readonly kind: 'own';
  readonly name: string;
  readonly original: RasterImage;
  readonly options: PictureOptions;
  readonly applied: PreparedPicture['applied'];
}

export type CurrentImage = SampleImage | OwnImage;

export interface ImageState {
  /** The family's, once they are here. */
  readonly samples: readonly FamilySample[] | null;
  readonly current: CurrentImage | null;
}

export interface ResultsState {
  /** Belongs to `key`; while `stale` that is an earlier image (or checkpoint) than the one shown at the left. */
  readonly current: Exploration | null;
  readonly key: string | null;
  readonly stale: boolean;
  /** Whether `current` was prepared when the app was built, and not computed here. */
  readonly prepared: boolean;
  /** Of the picture that `current` is about; `null` where nobody knows it. */
  readonly trueClass: number | null;
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

/** One analysis, as far as it is. */
export interface AnalysisState<Result> {
  /** The newest that came; never changed in place. */
  readonly result: Result | null;
  /** Whether `result` is of an earlier picture, request or model than the one asked for. */
  readonly stale: boolean;
  /** Names the request asked last (`requestKey`); `null` when nobody wants it now. */
  readonly asked: string | null;
  /** Asked for, and neither answered nor stopped; also while it waits for the engine. */
  readonly running: boolean;
  /** Stays when it is stopped by hand: what is known by then is worth showing. */
  readonly progress: AnalysisProgress<Result> | null;
  /** A sentence. */
  readonly error: string | null;
}

/** By id; one that nobody asked for yet has no entry. */
export type AnalysesState = { readonly [id: string]: AnalysisState<unknown> };

export interface Notice {
  readonly id: number;
  readonly kind: 'error' | 'info';
  readonly title: string;
  readonly sentence: string;
}

/** How far the family is that the selection names. */
export interface OpeningState {
  readonly phase: 'opening' | 'open' | 'failed';
  /** What its checkpoint holds; `null` for an embedded family. */
  readonly report: CheckpointReport | null;
  /** Other checkpoints in this browser; whether one fits as a student shows when it is tried. */
  readonly otherCheckpoints: readonly { readonly id: string; readonly label: string }[];
}

export interface AppState {
  /** The one that panels show; while another is being opened still the one before. */
  readonly family: ModelFamily;
  readonly opening: OpeningState;
  readonly selection: Selection;
  readonly history: HistoryState;
  readonly image: ImageState;
  readonly results: ResultsState;
  readonly analyses: AnalysesState;
  readonly engine: EngineState;
  readonly notices: readonly Notice[];
}

/** Everything that a panel may do. One object for the life of the store; no method needs `this`. */
export interface AppActions {
  /** Rapid changes of the same fields (a drag, a held arrow key) become one step of the history. Values outside their range are refused. */
  readonly select: (change: Partial<Selection>) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Takes a decoded picture as the image; `name` is shown only. Ask `decodeBlob` for at most `OWN_IMAGE_MAX_PIXELS`. */
  readonly addOwnImage: (original: RasterImage, name: string) => void;
  /** Does nothing while a sample is shown. */
  readonly setPictureOptions: (change: Partial<PictureOptions>) => void;
  /** A sample as the family's models see it. @throws EngineError, ImageError */
  readonly sampleImage: (sample: FamilySample) => Promise<SampleImage>;
  readonly notify: (notice: Omit<Notice, 'id'>) => void;
  readonly dismiss: (id: number) => void;
  /** Puts a person's checkpoint in the place of a member, and explores again. A refusal becomes a notice, and `null`. */
  readonly replaceMember: (id: MemberId, fileName: string, bytes: ArrayBuffer) => Promise<CheckpointReport | null>;
  /**
   * One frame of the live view; its pixels are handed over and come back with the answer. One at a time: another, or one
   * before the models are here, is refused with an EngineError of the kind `cancelled`.
   */
  readonly live: (request: LiveRequest) => Promise<LiveFrame>;
  /** Starts the engine again: after it gave up, or on another backend. */
  readonly restartEngine: (backend?: BackendName | 'auto') => void;
  /**
   * Wants an analysis, again and again as picture and models change, until what it returns is called. One request for each
   * analysis: a newer one takes the place of the older. Panels use `useAnalysis`.
   */
  readonly analyze: <Request, Result>(analysis: Analysis<Request, Result>, request: Request) => () => void;
  /** What an analysis answered before for the picture on screen; `null` when it did not. */
  readonly cachedAnalysis: <Request, Result>(analysis: Analysis<Request, Result>, request: Request) => Result | null;
  /** Stops a running one. */
  readonly cancelAnalysis: (id: string) => void;
  /** After an error, or after it was stopped. */
  readonly retryAnalysis: (id: string) => void;
}

/** 1 MP is plenty to choose a crop from, and small enough to keep. */
export const OWN_IMAGE_MAX_PIXELS = 2 ** 20;
