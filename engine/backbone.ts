/**
 * Models that the visitor brings from the hub or from a file, as page and worker speak of them: types and plain data only.
 *
 * One is open at a time, in the place of the embedded family: a full-precision one as the teacher, with students made of it on the
 * spot by a recipe; one that was trained binarized as the student with both cures, beside a teacher of its shape or alone.
 */
import type { ModelConfig } from '@/models/config';
import type { BinarizationRecipe } from '@/models/recipe';
import type { ModelId } from '@/engine/protocol';

/** A checkpoint as the shelf keeps it. */
export interface BackboneFile {
  /** Of the shelf's entry. */
  readonly id: string;
  readonly label: string;
  readonly bytes: ArrayBuffer;
  /** The `config.json` beside it; `null` where there is none. */
  readonly configJson: string | null;
}

/** From 0..1 to what the model was trained on: (v - mean) / std for each channel. */
export interface Normalization {
  readonly mean: readonly number[]; // [channels]
  readonly std: readonly number[]; // [channels]
}

export interface OpenBackboneRequest {
  /** `null`: the one that is open, with another recipe or another student. */
  readonly file: BackboneFile | null;
  /** A binarized one of the same shape, for the place of Bi-ViT; `null` for none. */
  readonly student: BackboneFile | null;
  readonly recipe: BinarizationRecipe;
  readonly normalization: Normalization;
  /** Pictures as in `ExploreRequest`, to fit scaling factors to. */
  readonly calibration: readonly Float32Array[];
  readonly numHeads: number | null;
}

export interface OpenedBackbone {
  readonly id: string;
  readonly label: string;
  /** Of the one that was asked for, and with it of all that are open. */
  readonly config: ModelConfig;
  /** Which places are taken, in the family's order. */
  readonly modelIds: readonly ModelId[];
  readonly report: CheckpointReport;
}

/** What a checkpoint holds, and what of it a model here takes. */
export interface CheckpointReport {
  readonly config: ModelConfig;
  readonly isBinary: boolean;
  /** Of those that are there. */
  readonly parameters: number;
  readonly used: number;
  readonly ignored: readonly { readonly key: string; readonly why: string }[];
  /** Keys without which no model can be made of it: opening it is refused. */
  readonly missing: readonly string[];
}

export interface InspectRequest {
  readonly bytes: ArrayBuffer;
  /** Heads of a full-precision DeiT are not in its shapes; `null`: as published, 64 channels each. */
  readonly numHeads: number | null;
}

/** A checkpoint, run here, against what PyTorch gave for it; see `tests/golden`. */
export interface GoldenRequest {
  readonly checkpoint: ArrayBuffer;
  readonly golden: ArrayBuffer;
  /** As in `InspectRequest`. */
  readonly numHeads: number | null;
}

export interface GoldenRow {
  readonly stage: string;
  readonly entries: number;
  readonly maxError: number;
  /** Entries whose sign differs; `null` where the stage has no signs to flip. */
  readonly flips: number | null;
}

export interface GoldenReport {
  readonly rows: readonly GoldenRow[];
  readonly logitsMaxError: number;
  readonly images: number;
}
