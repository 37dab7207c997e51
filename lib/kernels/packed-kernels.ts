/**
 * The packed kernels: their inputs and outputs, and how to call them on tensors.
 *
 * G = B * H groups; group g belongs to head g % H. `layout.ts` describes bits, panels and nibbles.
 */
import { tf } from '@/lib/tf';

export interface PackInputs {
  readonly x: tf.TensorInfo; // [G, R, C]
  /** Not for the rule 'sign'. */
  readonly alpha?: tf.TensorInfo | undefined; // [H]
  /** Integers; only for the rule 'sign-alpha'. */
  readonly zeroPoint?: tf.TensorInfo | undefined; // [H]
}

export interface PackAttributes {
  readonly rule: 'sign' | 'sign-alpha' | 'elastic';
}

export interface BitInputs {
  readonly bits: tf.TensorInfo; // [G, outputs, words]
}

export interface MultiplyInputs {
  readonly a: tf.TensorInfo; // bits [G, M, words]
  readonly b: tf.TensorInfo; // panels [G, ceil(O / 8), words, 8]
  readonly scale: tf.TensorInfo; // [H]
  /** Integers; `undefined`: all 0. */
  readonly zeroA?: tf.TensorInfo | undefined; // [H]
  readonly zeroB?: tf.TensorInfo | undefined; // [H]
}

export interface MultiplyAttributes {
  /** Whether the bits of a are signs or a mask of {0, 1}. */
  readonly rule: 'signs' | 'mask';
  readonly outputs: number;
  readonly depth: number;
}

export interface WeightInputs {
  readonly a: tf.TensorInfo; // bits [1, M, words]
  /** From `packWeights` on the same backend. */
  readonly b: tf.TensorInfo;
  readonly scale: tf.TensorInfo; // [64 * ceil(O / 64)]
}

export type WeightAttributes = Omit<MultiplyAttributes, 'rule'>;

interface Signatures {
  /** -> bits [G, R, ceil(C / 32)] */
  packRows: (inputs: PackInputs, attributes: PackAttributes) => tf.Tensor3D;
  /** -> panels of the columns [G, ceil(C / 8), ceil(R / 32), 8] */
  packColumns: (inputs: PackInputs, attributes: PackAttributes) => tf.Tensor4D;
  /** -> panels [G, ceil(outputs / 8), words, 8] */
  packPanels: (inputs: BitInputs, attributes: object) => tf.Tensor4D;
  /** G = 1 -> what `multiplyWeights` of the same backend reads: nibbles on cpu and wasm, panels on webgpu. */
  packWeights: (inputs: BitInputs, attributes: object) => tf.Tensor;
  /** -> [G, M, O] */
  multiplyBits: (inputs: MultiplyInputs, attributes: MultiplyAttributes) => tf.Tensor3D;
  /** -> [1, M, O] */
  multiplyWeights: (inputs: WeightInputs, attributes: WeightAttributes) => tf.Tensor3D;
}

/** The kernels as one backend implements them. */
export type PackedKernels = {
  readonly [Name in keyof Signatures]: (...call: Parameters<Signatures[Name]>) => tf.TensorInfo;
};

export const KERNEL_NAMES = [
  'packRows',
  'packColumns',
  'packPanels',
  'packWeights',
  'multiplyBits',
  'multiplyWeights',
] as const satisfies readonly (keyof Signatures)[];

/** Whether the selected backend has the kernels: cpu, wasm and webgpu do once `registerKernels` has run. */
export function hasPackedKernels(): boolean {
  return tf.getKernel(tfjsName('multiplyBits'), tf.getBackend()) !== undefined;
}

export function runKernel<Name extends keyof Signatures>(
  name: Name,
  ...[inputs, attributes]: Parameters<Signatures[Name]>
): ReturnType<Signatures[Name]> {
  // A gradient tape fails on inputs that are named but undefined.
  const present = Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor !== undefined));
  const y = tf.engine().runKernel(tfjsName(name), present as tf.NamedTensorMap, attributes as tf.NamedAttrMap);
  return y as tf.Tensor as ReturnType<Signatures[Name]>;
}

/** The name in tfjs's registry. */
export function tfjsName(name: keyof Signatures): string {
  return `Packed${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** `tf.tidy` for a function whose result holds tensors among other things: those tensors are kept. */
export function tidied<Result extends object>(make: () => Result): Result {
  return tf.tidy(make as unknown as () => tf.TensorContainerObject) as unknown as Result;
}
