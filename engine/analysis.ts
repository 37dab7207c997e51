/**
 * What the panels of the two causes ask of the worker, each kind by itself and only while its panel is looked at: types and plain
 * data only. Every request is about the picture on screen unless it says otherwise; its pixels are added on the way.
 */
import type { BackendName, Distortion, ForwardPath, ModelId, StudentId, Trace } from '@/engine/protocol';
import type { CellValue } from '@/lib/metrics/cell';
import type { HeadFlow } from '@/lib/metrics/gradient-flow';
import type { BinarizerFit, BinarizerId, BinarizerRecord } from '@/lib/quantizers/attention-binarizer';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import type { DeitConfig } from '@/models/config';
import type { TraceLoss } from '@/models/trace';

/** A class index, or 'predicted': the class with the model's own largest logit. */
export type TargetClass = number | 'predicted';

/** Four decades of alpha, and where people start. */
export const ALPHA_RANGE = { min: 0.01, max: 100, start: 1 } as const;

// Gradients

export interface ModelGradients {
  readonly loss: TraceLoss;
  /** With gradients. */
  readonly trace: Trace;
  readonly flow: readonly (readonly HeadFlow[])[]; // [L][H]
}

export interface GradientStudy {
  readonly models: { readonly [Id in ModelId]?: ModelGradients };
}

// Ranking

export const RANKING_METRICS = ['tauB', 'spearman', 'tieShare', 'topKOverlap', 'inversionRate'] as const;
export type RankingMetric = (typeof RANKING_METRICS)[number];

export type RankingGrid = { readonly [Metric in RankingMetric]: readonly (readonly CellValue[])[] }; // [L][H]

export interface RankingStudy {
  /** Each student's rows against the teacher's scores: its scores, and its binarized attention. The tie share is the student's own. */
  readonly students: { readonly [Id in StudentId]?: { readonly before: RankingGrid; readonly after: RankingGrid } };
  /** Share of tied pairs among the teacher's own scores. */
  readonly teacherTieShare: readonly (readonly CellValue[])[]; // [L][H]
}

export interface BinarizedRow extends BinarizerRecord {
  /** What became of the row. */
  readonly values: Float32Array; // [N]
  /** LaTeX symbol and value: alpha = 0.04. */
  readonly parameters: readonly { readonly symbol: string; readonly value: number }[];
  /** Share of entries that are not 0. */
  readonly density: number;
  /** Against the row before. */
  readonly tauB: number | null;
  /** |p^ - p| / |p|; `null` for a row of zeros. */
  readonly error: number | null;
  /** Share of entries inside the straight-through window; `null` where the source trains by other means, said in `passNote`. */
  readonly passShare: number | null;
  readonly passNote: string | null;
}

export interface BinarizerComparison {
  /** The row itself: softmaxed attention. */
  readonly attention: Float32Array; // [N]
  readonly rows: readonly BinarizedRow[];
}

export interface BinarizerMean {
  readonly id: BinarizerId;
  readonly density: CellValue;
  readonly tauB: CellValue;
  readonly error: CellValue;
  readonly passShare: CellValue;
}

/** Means over every row of one head over shipped images. */
export interface BinarizerMeans {
  readonly images: number;
  readonly means: readonly BinarizerMean[];
}

// Quantizers and their surrogate derivatives

export interface QuantizerStudy {
  readonly quantizers: readonly QuantizerView[];
}

// Rollout

export interface Relevance {
  readonly classIndex: number;
  /** Query by input token; `null` where undefined. */
  readonly rollout: Float32Array | null; // [N, N]
  readonly gradientRollout: Float32Array | null; // [N, N]
}

export interface RolloutStudy {
  readonly models: { readonly [Id in ModelId]?: Relevance };
}

// Causal repair

/** Logits of one class after the teacher's attention took the place of the student's own. */
export interface RepairStudy {
  readonly studentId: StudentId;
  readonly classIndex: number;
  readonly studentLogit: number;
  readonly teacherLogit: number;
  /** With one head repaired. */
  readonly heads: readonly (readonly RepairedLogit[])[]; // [L][H]
  /** With a whole layer repaired. */
  readonly layers: readonly RepairedLogit[]; // [L]
  /** With every layer repaired. */
  readonly all: RepairedLogit;
}

export interface RepairedLogit {
  readonly logit: number;
  /** The class with the largest logit after the repair. */
  readonly predicted: number;
}

// Precision

export const PRECISION_BITS = [1, 2, 3, 4, 8, 32] as const;
export type PrecisionBits = (typeof PRECISION_BITS)[number];

export interface Precision {
  readonly weights: PrecisionBits;
  readonly activations: PrecisionBits;
  readonly attention: PrecisionBits;
}

export const FULL_PRECISION: Precision = { weights: 32, activations: 32, attention: 32 };

/** The teacher, quantized after training, on the picture on screen. */
export interface PrecisionPicture {
  readonly precision: Precision;
  readonly trace: Trace;
}

export interface PrecisionPoint {
  readonly precision: Precision;
  /** Share of `images`. */
  readonly accuracy: number;
  readonly images: number;
}

export interface PrecisionCurve {
  /** In the order asked for; fewer while it runs. */
  readonly points: readonly PrecisionPoint[];
}

// Speed

/** Milliseconds of one forward. */
export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Full precision and binarized, measured in this worker. */
export interface SpeedStudy {
  readonly fullMs: Quartiles;
  readonly binaryMs: Quartiles;
  /** Of the medians. */
  readonly ratio: number;
  readonly rounds: number;
  /** Of tfjs. */
  readonly backend: BackendName;
  /** Of the binarized model. */
  readonly path: ForwardPath;
  /** Whether the kernels that are loaded use relaxed SIMD. */
  readonly isRelaxed: boolean;
}

/** Every kind: what is asked beside the picture, and what comes back. */
export interface Analyses {
  /** Of a backbone's student; the family's distortions come with the picture. Fewer layers while it runs. */
  readonly distortion: { readonly request: { readonly studentId: StudentId }; readonly result: Distortion };
  readonly gradients: { readonly request: { readonly target: TargetClass }; readonly result: GradientStudy };
  readonly ranking: { readonly request: { readonly k: number }; readonly result: RankingStudy };
  readonly binarizers: {
    readonly request: {
      readonly modelId: ModelId;
      readonly layer: number;
      readonly head: number;
      readonly query: number;
      readonly fit: BinarizerFit;
    };
    readonly result: BinarizerComparison;
  };
  /** Over the first `images` shipped ones (each class alike), whatever is on screen. */
  readonly 'binarizer-means': {
    readonly request: {
      readonly modelId: ModelId;
      readonly layer: number;
      readonly head: number;
      readonly fit: BinarizerFit;
      readonly images: number;
    };
    readonly result: BinarizerMeans;
  };
  readonly quantizers: {
    readonly request: { readonly modelId: ModelId; readonly layer: number; readonly head: number };
    readonly result: QuantizerStudy;
  };
  readonly rollout: {
    readonly request: { readonly target: TargetClass; readonly map: 'softmaxed' | 'binarized' };
    readonly result: RolloutStudy;
  };
  readonly repair: {
    /** Here 'predicted' is the class that the teacher predicts, for all patches alike: what a repair should bring back. */
    readonly request: { readonly studentId: StudentId; readonly target: TargetClass };
    readonly result: RepairStudy;
  };
  readonly precision: { readonly request: { readonly precision: Precision }; readonly result: PrecisionPicture };
  /** Over the first `images` shipped ones (each class alike), whatever is on screen. */
  readonly 'precision-curve': {
    readonly request: { readonly settings: readonly Precision[]; readonly images: number };
    readonly result: PrecisionCurve;
  };
  /** Whatever is on screen. `embedded`: the shipped teacher and student; else models of that shape, made up for the measurement. */
  readonly speed: {
    /** `run` tells a repeated measurement from the one before. */
    readonly request: { readonly config: DeitConfig | 'embedded'; readonly run: number };
    readonly result: SpeedStudy;
  };
}

export type AnalysisKind = keyof Analyses;
export type AnalysisRequest<Kind extends AnalysisKind> = Analyses[Kind]['request'];
export type AnalysisResult<Kind extends AnalysisKind> = Analyses[Kind]['result'];

/** Kinds that do not look at the picture on screen. */
export const DATASET_KINDS: readonly AnalysisKind[] = ['binarizer-means', 'precision-curve', 'speed'];

/** How far a long one is, and what is known already. */
export interface AnalysisProgress<Kind extends AnalysisKind> {
  readonly what: string;
  readonly done: number;
  readonly total: number;
  readonly partial: AnalysisResult<Kind> | null;
}
