/** What each token is made of, and what a repaired head gives back: types and plain data. */
import { defineAnalysis, type TargetClass } from '@/engine/analysis';
import type { MemberId } from '@/models/families/family';

export interface Relevance {
  readonly classIndex: number;
  /** Query by input token; `null` where undefined. */
  readonly rollout: Float32Array | null; // [N, N]
  readonly gradientRollout: Float32Array | null; // [N, N]
}

export interface RolloutStudy {
  readonly models: { readonly [id: MemberId]: Relevance };
}

/** Logits of one class after the teacher's attention replaced the student's own. */
export interface RepairStudy {
  readonly studentId: MemberId;
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

export const ROLLOUT = defineAnalysis<
  { readonly target: TargetClass; readonly map: 'softmaxed' | 'binarized' },
  RolloutStudy
>('rollout', { kept: 8 });

/** Here 'predicted' is the class that the teacher predicts: what a repair should bring back. */
export const REPAIR = defineAnalysis<{ readonly studentId: MemberId; readonly target: TargetClass }, RepairStudy>(
  'repair',
);
