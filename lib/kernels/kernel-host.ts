/** What a kernel sees of its backend; the casts from tfjs's untyped kernel interface are here. */
import { at } from '@/lib/math/number-row';
import type { tf } from '@/lib/tf';

export type Values = Float32Array | Int32Array;

/** A backend whose tensors JavaScript can read. */
export interface KernelHost {
  /** May be a view, valid until the next allocation. */
  floats(tensor: tf.TensorInfo): Float32Array;
  integers(tensor: tf.TensorInfo): Int32Array;
  tensor(shape: readonly number[], values: Values): tf.TensorInfo;
}

/** tfjs's wasm backend: tensors have addresses in a memory that other modules can share. */
export interface WasmHost extends KernelHost {
  readonly memory: WebAssembly.Memory;
  /** Not initialized. */
  allocate(shape: readonly number[], dtype: 'float32' | 'int32'): tf.TensorInfo;
  free(tensor: tf.TensorInfo): void;
  addressOf(tensor: tf.TensorInfo): number;
}

interface CpuBackend {
  readonly data: { get(id: object): { readonly values: ArrayLike<number> } };
  makeTensorInfo(shape: readonly number[], dtype: tf.DataType, values: Values): tf.TensorInfo;
}

const dtypeOf = (values: Values) => (values instanceof Int32Array ? 'int32' : 'float32');

export function cpuHost(backend: unknown): KernelHost {
  const cpu = backend as CpuBackend;
  const valuesOf = (tensor: tf.TensorInfo) => cpu.data.get(tensor.dataId).values;
  return {
    floats: (tensor) => Float32Array.from(valuesOf(tensor)),
    integers: (tensor) => Int32Array.from(valuesOf(tensor)),
    tensor: (shape, values) => cpu.makeTensorInfo(shape, dtypeOf(values), values),
  };
}

interface WasmBackend {
  readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory } };
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  disposeData(id: object): boolean;
}

export function wasmHost(backend: unknown): WasmHost {
  const wasm = backend as WasmBackend;
  const { memory } = wasm.wasm.asm;
  const addressOf = (tensor: tf.TensorInfo) => wasm.dataIdMap.get(tensor.dataId).memoryOffset;
  const size = ({ shape }: tf.TensorInfo) => shape.reduce((product, length) => product * length, 1);
  const floats = (tensor: tf.TensorInfo) => new Float32Array(memory.buffer, addressOf(tensor), size(tensor));
  const integers = (tensor: tf.TensorInfo) => new Int32Array(memory.buffer, addressOf(tensor), size(tensor));
  return {
    memory,
    addressOf,
    floats,
    integers,
    allocate: (shape, dtype) => wasm.makeOutput(shape, dtype),
    free: (tensor) => void wasm.disposeData(tensor.dataId),
    tensor(shape, values) {
      const made = wasm.makeOutput(shape, dtypeOf(values));
      (values instanceof Int32Array ? integers(made) : floats(made)).set(values);
      return made;
    },
  };
}

export function shape3({ shape }: tf.TensorInfo): readonly [number, number, number] {
  return [at(shape, 0), at(shape, 1), at(shape, 2)];
}

/** The parameter of group g's head; 0 without parameters. */
export function ofHead(parameters: Float32Array | null, g: number): number {
  return parameters === null ? 0 : at(parameters, g % parameters.length);
}
