/** What a kernel sees of its backend. The casts from tfjs's untyped kernel interface live here. */
import type { tf } from '@/lib/tf';

export type Values = Float32Array | Int32Array;

/** A backend whose tensors lie in memory that JavaScript reads. */
export interface KernelHost {
  /** No copy; valid until the next allocation. */
  floats(tensor: tf.TensorInfo): Float32Array;
  integers(tensor: tf.TensorInfo): Int32Array;
  tensor(shape: readonly number[], values: Values): tf.TensorInfo;
}

/** tfjs's wasm backend: tensors have addresses, and memory that other modules can be given. */
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

export function cpuHost(backend: unknown): KernelHost {
  const cpu = backend as CpuBackend;
  const valuesOf = (tensor: tf.TensorInfo) => cpu.data.get(tensor.dataId).values;
  return {
    floats: (tensor) => Float32Array.from(valuesOf(tensor)),
    integers: (tensor) => Int32Array.from(valuesOf(tensor)),
    tensor: (shape, values) => cpu.makeTensorInfo(shape, values instanceof Int32Array ? 'int32' : 'float32', values),
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
  const allocate: WasmHost['allocate'] = (shape, dtype) => wasm.makeOutput(shape, dtype);
  return {
    memory,
    addressOf,
    floats,
    integers,
    allocate,
    free: (tensor) => void wasm.disposeData(tensor.dataId),
    tensor(shape, values) {
      const made = allocate(shape, values instanceof Int32Array ? 'int32' : 'float32');
      (values instanceof Int32Array ? integers(made) : floats(made)).set(values);
      return made;
    },
  };
}

/** Element i of what must have it. */
export function element(values: ArrayLike<number>, i: number): number {
  const value = values[i];
  if (value === undefined) throw new RangeError(`element ${i} of ${values.length}`);
  return value;
}

/** The sizes of a tensor whose rank is known. */
export function sizes3({ shape }: tf.TensorInfo): readonly [number, number, number] {
  return [element(shape, 0), element(shape, 1), element(shape, 2)];
}

/** A parameter of the head that group g belongs to; 0 where there is none. */
export function ofHead(parameters: Float32Array | null, g: number): number {
  return parameters === null ? 0 : element(parameters, g % parameters.length);
}
