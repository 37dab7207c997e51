/** Calls of the kernels of `names.ts` on tensors, typed. The casts that `runKernel` needs live here. */
import {
  KERNELS,
  type MultiplyAttributes,
  type MultiplyInputs,
  type WeightAttributes,
  type WeightInputs,
  type PackAttributes,
  type PackInputs,
} from '@/lib/kernels/names';
import { tf } from '@/lib/tf';

/** Whether the selected backend has the kernels: cpu, wasm and webgpu do once `registerKernels` has run. */
export function hasPackedKernels(): boolean {
  return tf.getKernel(KERNELS.multiplyBits, tf.getBackend()) !== undefined;
}

interface PackOptions extends PackAttributes {
  /** [H]; 'sign' needs none. */
  readonly alpha?: tf.Tensor1D;
  readonly zeroPoint?: tf.Tensor1D;
}

/** x [G, R, C] -> bits [G, R, ceil(C / 32)] */
export function packRows(x: tf.Tensor3D, options: PackOptions): tf.Tensor3D {
  return pack(KERNELS.packRows, x, options);
}

/** x [G, R, C] -> panels of the columns [G, ceil(C / 8), ceil(R / 32), 8] */
export function packColumns(x: tf.Tensor3D, options: PackOptions): tf.Tensor4D {
  return pack(KERNELS.packColumns, x, options);
}

function pack<Packed extends tf.Tensor>(name: string, x: tf.Tensor3D, options: PackOptions): Packed {
  const { rule, alpha, zeroPoint } = options;
  const inputs: PackInputs = { x, alpha, zeroPoint };
  return run<Packed>(name, inputs, { rule });
}

/** bits [G, outputs, words] -> panels [G, ceil(outputs / 8), words, 8] */
export function packPanels(bits: tf.Tensor3D): tf.Tensor4D {
  return run<tf.Tensor4D>(KERNELS.packPanels, { bits }, {});
}

/** bits [1, outputs, words] -> the layout that `multiplyWeights` of the selected backend wants */
export function packWeightBits(bits: tf.Tensor3D): tf.Tensor {
  return run(KERNELS.packWeights, { bits }, {});
}

/** [1, M, O] */
export function multiplyWeights(inputs: WeightInputs, attributes: WeightAttributes): tf.Tensor3D {
  return run<tf.Tensor3D>(KERNELS.multiplyWeights, inputs, attributes);
}

/** [G, M, O] */
export function multiplyBits(inputs: MultiplyInputs, attributes: MultiplyAttributes): tf.Tensor3D {
  return run<tf.Tensor3D>(KERNELS.multiplyBits, inputs, attributes);
}

function run<Result extends tf.Tensor>(name: string, inputs: object, attributes: object): Result {
  // A tape that records for gradients stumbles over inputs that are named and not there.
  const present = Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor !== undefined));
  return tf.engine().runKernel(name, present as tf.NamedTensorMap, attributes as tf.NamedAttrMap);
}

/** `tf.tidy` for a function whose result holds tensors among other things: those tensors live on. */
export function tidied<Result extends object>(make: () => Result): Result {
  return tf.tidy(make as unknown as () => tf.TensorContainerObject) as unknown as Result;
}
