/** Implementations that the bench compares. */
import type { StageTime } from '@/models/packed-model';
import type { Runner } from '@/scripts/bench/rounds';

export const CONTESTANT_NAMES = {
  packed: 'packed binary, ours, wasm',
  'float-binary': 'binary in floats, tfjs wasm',
  'tfjs-wasm': 'fp32, tfjs wasm',
  'tfjs-cpu': 'fp32, tfjs cpu (JavaScript)',
  'tfjs-webgl': 'fp32, tfjs webgl',
  'tfjs-webgpu': 'fp32, tfjs webgpu',
  'ort-web': 'fp32, onnxruntime-web wasm',
  'ort-node': 'fp32, onnxruntime native',
} as const;
export type ContestantId = keyof typeof CONTESTANT_NAMES;

/** A model that is ready to run. */
export interface Ready {
  /** Size of its weights in memory. */
  readonly bytes: number;
  /** @throws Error, a sentence, when it does not take such a batch */
  readonly on: (images: Float32Array, shape: ImageShape) => Runner & { readonly dispose: () => void };
  /** Where a forward spends its time, for the packed model. */
  readonly profile?: (images: Float32Array, shape: ImageShape) => Promise<readonly StageTime[]>;
  readonly dispose: () => Promise<void>;
}

/** [B, channels, height, width] */
export type ImageShape = readonly [number, number, number, number];

/** A sentence: why it does not run here. */
export interface Absent {
  readonly absent: string;
}

export interface Entry {
  readonly id: ContestantId;
  readonly open: () => Promise<Ready | Absent>;
}
