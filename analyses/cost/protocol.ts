/** How long a forward takes in this browser, full precision against binarized: types and plain data. */
import { defineAnalysis } from '@/engine/analysis';
import type { BackendName } from '@/engine/protocol';
import type { ModelConfig } from '@/models/config';
import type { ForwardPath } from '@/models/packed-model';

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

/** `family`: its own teacher and a student of it; else models of that shape, made up for the measurement. `run` tells a repeated measurement from the one before. */
export const SPEED = defineAnalysis<{ readonly config: ModelConfig | 'family'; readonly run: number }, SpeedStudy>(
  'speed',
  {
    usesPicture: false,
    kept: 6,
  },
);
