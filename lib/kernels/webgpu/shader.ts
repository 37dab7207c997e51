/** Runs a shader through tfjs's WebGPU backend; the casts to its program interface are here. */
import type { tf } from '@/lib/tf';

/**
 * A shader as tfjs needs it. tfjs adds the declarations: for an input `x` the storage buffer `x` and the uniforms
 * `xShape` and `xShapeStrides`; `result`, `outShape`, `getCoordsFromIndex`; `workgroupId`, `localId`. int32 is `i32` there.
 */
export interface Shader {
  /** Same key, same code. (tfjs adds ranks and types.) */
  readonly key: string;
  /** WGSL with a `main`. */
  readonly code: string;
  readonly inputs: readonly ShaderInput[];
  /** Whole numbers, by name. */
  readonly uniforms?: Readonly<Record<string, number>>;
  readonly output: { readonly shape: readonly number[]; readonly dtype: 'float32' | 'int32' };
  /** `null`: `main(index: i32)` runs once per word of the output and for some indices beyond (`uniforms.size`). */
  readonly grid: ShaderGrid | null;
}

export interface ShaderInput {
  readonly name: string;
  readonly tensor: tf.TensorInfo;
  /** 4: the buffer holds `vec4`s. */
  readonly lanes?: 1 | 4;
}

export interface ShaderGrid {
  readonly threads: readonly [number, number];
  readonly workgroups: readonly [number, number, number];
}

/** The used part of tfjs's `WebGPUProgram`, which tfjs writes to. */
interface Program {
  readonly variableNames: string[];
  readonly variableComponents: number[];
  readonly outputShape: number[];
  shaderKey: string;
  readonly dispatchLayout: { readonly x: number[]; readonly y?: number[]; readonly z?: number[] };
  dispatch: [number, number, number];
  readonly workgroupSize: [number, number, number];
  readonly uniforms: string;
  readonly size: boolean;
  readonly getUserCode: () => string;
}

interface WebGpuBackend {
  runWebGPUProgram(
    program: Program,
    inputs: tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms: { type: string; data: number[] }[],
  ): tf.TensorInfo;
}

const FLAT_THREADS = 64;

/** @param backend tfjs's webgpu backend, as kernels get it */
export function runShader(backend: unknown, { key, code, inputs, uniforms = {}, output, grid }: Shader): tf.TensorInfo {
  const axes = output.shape.map((_, axis) => axis);
  const size = output.shape.reduce((product, length) => product * length, 1);
  const program: Program = {
    variableNames: inputs.map(({ name }) => name),
    variableComponents: inputs.map(({ lanes }) => lanes ?? 1),
    outputShape: [...output.shape],
    shaderKey: `packed_${key}`,
    // The axes of the output that x, y and z run over; without y and z, `main` gets an index.
    dispatchLayout: grid === null ? { x: axes } : { x: axes.slice(2), y: axes.slice(1, 2), z: axes.slice(0, 1) },
    dispatch: grid === null ? [Math.ceil(size / FLAT_THREADS), 1, 1] : [...grid.workgroups],
    workgroupSize: grid === null ? [FLAT_THREADS, 1, 1] : [...grid.threads, 1],
    uniforms: Object.keys(uniforms)
      .map((name) => `${name} : i32, `)
      .join(''),
    size: true,
    getUserCode: () => code,
  };
  return (backend as WebGpuBackend).runWebGPUProgram(
    program,
    inputs.map(({ tensor }) => tensor),
    output.dtype,
    Object.values(uniforms).map((value) => ({ type: 'int32', data: [value] })),
  );
}
