/** What competes, whatever computes it. */
import type { Runner } from '@/scripts/bench/rounds';

export const CONTESTANT_IDS = [
  'packed',
  'float-binary',
  'tfjs-wasm',
  'tfjs-cpu',
  'tfjs-webgl',
  'tfjs-webgpu',
  'ort-web',
  'ort-node',
] as const;
export type ContestantId = (typeof CONTESTANT_IDS)[number];

export const CONTESTANT_NAMES: { readonly [Id in ContestantId]: string } = {
  packed: 'packed binary, ours, wasm',
  'float-binary': 'binary in floats, tfjs wasm',
  'tfjs-wasm': 'fp32, tfjs wasm',
  'tfjs-cpu': 'fp32, tfjs cpu (JavaScript)',
  'tfjs-webgl': 'fp32, tfjs webgl',
  'tfjs-webgpu': 'fp32, tfjs webgpu',
  'ort-web': 'fp32, onnxruntime-web wasm',
  'ort-node': 'fp32, onnxruntime native',
};

/** Contestants whose logits are to agree, the first of each being what the others are held to. */
export const BINARY: readonly ContestantId[] = ['float-binary', 'packed'];
export const REAL: readonly ContestantId[] = [
  'tfjs-wasm',
  'tfjs-cpu',
  'tfjs-webgl',
  'tfjs-webgpu',
  'ort-web',
  'ort-node',
];

/** A model that is ready to be run. */
export interface Ready {
  /** Of its weights, as it holds them. */
  readonly bytes: number;
  /** @throws Error, a sentence, when it does not take such a batch */
  readonly on: (images: Float32Array, shape: ImageShape) => Runner & { readonly dispose: () => void };
  readonly dispose: () => Promise<void>;
}

/** [B, channels, height, width] */
export type ImageShape = readonly [number, number, number, number];

/** A sentence: why it does not compete here. */
export interface Absent {
  readonly absent: string;
}

export interface Entry {
  readonly id: ContestantId;
  readonly open: () => Promise<Ready | Absent>;
}
