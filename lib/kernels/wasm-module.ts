/** Loads the compiled kernels (`assembly/`), in Node and in a worker alike: from bytes, into a memory that is already there. */

/** What `assembly/kernels.ts` exports: pointers and strides are in bytes; `reference.ts` defines the results. */
export interface KernelExports {
  packSigns(rows: number, columns: number, x: number, stride: number, out: number): void;
  packSignAlpha(
    rows: number,
    columns: number,
    x: number,
    stride: number,
    alpha: number,
    zero: number,
    out: number,
  ): void;
  packElastic(rows: number, columns: number, p: number, stride: number, alpha: number, out: number): void;
  packPanels(rows: number, words: number, bits: number, out: number): void;
  packColumns(rows: number, columns: number, x: number, stride: number, alpha: number, zero: number, out: number): void;
  multiplySigns(
    ...args: [
      ...size: [rows: number, columns: number, depth: number],
      ...factors: [a: number, b: number, zeroA: number, zeroB: number, offsets: number],
      ...result: [scale: number, scaleStep: number, y: number, stride: number],
    ]
  ): void;
  multiplyMask(
    ...args: [
      ...size: [rows: number, columns: number, depth: number],
      ...factors: [a: number, b: number, zeroB: number],
      ...result: [scale: number, scaleStep: number, y: number, stride: number],
    ]
  ): void;
  lookupSigns(
    ...args: [
      ...size: [rows: number, columns: number, depth: number],
      ...factors: [a: number, b: number],
      ...result: [scale: number, y: number, stride: number, scratch: number],
    ]
  ): void;
  sumPanels(columns: number, depth: number, b: number, factor: number, out: number): void;
}

/** The kernels cannot run here; `message` is a sentence for the user. */
export class KernelsUnavailableError extends Error {
  override readonly name = 'KernelsUnavailableError';
}

/** A module of one function that runs one vector instruction on zeros and drops what comes out. */
function probe(operands: number, ...opcode: readonly number[]): Uint8Array<ArrayBuffer> {
  const zeros = Array.from({ length: operands }, () => [0xfd, 12, ...Array<number>(16).fill(0)]).flat(); // v128.const
  const body = [0, ...zeros, 0xfd, ...opcode, 0x1a, 0x0b]; // no locals; drop; end
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic, version
    ...[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0], // one type [] -> [], one function of it
    ...[10, body.length + 2, 1, body.length, ...body],
  );
}

export function hasWasmSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(probe(1, 0x62)); // i8x16.popcnt
}

/** Chromium since 114; what it spares nearly doubles the speed of a binary linear. */
export function hasRelaxedSimd(): boolean {
  return hasWasmSimd() && WebAssembly.validate(probe(2, 0x80, 0x02)); // i8x16.relaxed_swizzle
}

/** The two modules that the build makes of `assembly/`, in `public/kernels/`. */
export type KernelFile = 'kernels.wasm' | 'kernels-relaxed.wasm';

/** The faster one that runs here. */
export function kernelFile(): KernelFile {
  return hasRelaxedSimd() ? 'kernels-relaxed.wasm' : 'kernels.wasm';
}

/**
 * @param bytes of the file that `kernelFile` names
 * @throws KernelsUnavailableError where WebAssembly has no SIMD, or the bytes are not the kernels
 */
export async function compileKernels(bytes: BufferSource): Promise<WebAssembly.Module> {
  if (!hasWasmSimd()) {
    throw new KernelsUnavailableError('WebAssembly has no SIMD here, which the packed kernels need.');
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KernelsUnavailableError(`The packed kernels did not compile: ${reason}`);
  }
}

const instances = new WeakMap<WebAssembly.Memory, KernelExports>();

/** @param memory where every pointer points; it may be shared with other modules, and the kernels never grow it */
export function kernelsIn(memory: WebAssembly.Memory, module: WebAssembly.Module): KernelExports {
  const known = instances.get(memory);
  if (known !== undefined) return known;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = exports as unknown as KernelExports;
  instances.set(memory, kernels);
  return kernels;
}
