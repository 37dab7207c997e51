/** The kernels as tfjs knows them: their names, what goes in and what comes out. G = B * H groups; group g belongs to head g % H. */
import type { tf } from '@/lib/tf';

export const KERNELS = {
  packRows: 'LensPackRows',
  packPanels: 'LensPackPanels',
  packColumns: 'LensPackColumns',
  packWeights: 'LensPackWeights',
  multiplyBits: 'LensMultiplyBits',
  multiplyWeights: 'LensMultiplyWeights',
} as const;

export interface PackInputs {
  readonly x: tf.TensorInfo; // [G, R, C]
  /** `undefined` for the rule 'sign'. */
  readonly alpha: tf.TensorInfo | undefined; // [H]
  /** Integers; `undefined` unless the rule is 'sign-alpha'. */
  readonly zeroPoint: tf.TensorInfo | undefined; // [H]
}

export interface PackAttributes {
  readonly rule: 'sign' | 'sign-alpha' | 'elastic';
}

export interface PanelInputs {
  readonly bits: tf.TensorInfo; // [G, outputs, words]
}

export interface MultiplyInputs {
  readonly a: tf.TensorInfo; // bits [G, M, words]
  readonly b: tf.TensorInfo; // panels [G, ceil(O / 8), words, 8]
  readonly scale: tf.TensorInfo; // [H]
  /** Integers; `undefined`: all 0. */
  readonly zeroA: tf.TensorInfo | undefined; // [H]
  readonly zeroB: tf.TensorInfo | undefined; // [H]
}

export interface MultiplyAttributes {
  /** What the bits of a are: signs, or a mask of {0, 1}. */
  readonly rule: 'signs' | 'mask';
  readonly outputs: number;
  readonly depth: number;
}

export interface WeightInputs {
  readonly a: tf.TensorInfo; // bits [1, M, words]
  /** What `packWeights` of the same backend made: nibbles on cpu and wasm, panels on webgpu. */
  readonly b: tf.TensorInfo;
  readonly scale: tf.TensorInfo; // [64 * ceil(O / 64)]
}

export type WeightAttributes = Omit<MultiplyAttributes, 'rule'>;
