/** Instantiates the compiled kernels (`assembly/`) in an existing memory, in Node and in workers. */

type Size = [rows: number, columns: number, depth: number];
type Scaled = [scale: number, scaleStep: number, y: number, stride: number];
type Norm = [weight: number, bias: number, eps: number];
type Lookup = [...Size, a: number, b: number, scaleOrLimits: number, y: number, stride: number];

/** The exports of `assembly/kernels.ts`: pointers and strides are in bytes; `reference.ts` defines the results. */
export interface KernelExports {
  packSigns(rows: number, columns: number, x: number, stride: number, out: number): void;
  packSignAlpha(...args: Parameters<KernelExports['packColumns']>): void;
  packElastic(rows: number, columns: number, p: number, stride: number, alpha: number, out: number): void;
  packPanels(rows: number, words: number, bits: number, out: number): void;
  packColumns(rows: number, columns: number, x: number, stride: number, alpha: number, zero: number, out: number): void;
  multiplySigns(
    ...args: [...Size, a: number, b: number, zeroA: number, zeroB: number, offsets: number, ...Scaled]
  ): void;
  multiplyMask(...args: [...Size, a: number, b: number, zeroB: number, ...Scaled]): void;
  lookupSigns(...args: [...Lookup, scratch: number]): void;
  lookupAdd(...args: [...Lookup, order: number, scratch: number]): void;
  lookupBits(...args: [...Lookup, scratch: number]): void;
  lookupBytes(...args: [...Lookup, scratch: number]): void;
  sumPanels(columns: number, depth: number, b: number, factor: number, out: number): void;
  packBytes(rows: number, heads: number, size: number, x: number, stride: number, out: number): void;
  keyPanels(tokens: number, words: number, bits: number, stride: number, out: number): void;
  valuePanels(tokens: number, size: number, x: number, stride: number, out: number): void;
  attend(
    ...args: [
      ...[tokens: number, size: number, q: number, qStride: number, keys: number, values: number],
      ...[exps: number, alpha: number, scale: number, root: number, bias: number],
      ...[out: number, outStride: number, record: number, recordStep: number, scratch: number],
    ]
  ): void;
  normSigns(
    ...args: [
      ...[rows: number, size: number, x: number, stride: number, order: number],
      ...[...Norm, from: number, heads: number, out: number, scratch: number],
    ]
  ): void;
  normRows(...args: [rows: number, size: number, x: number, stride: number, ...Norm, y: number, scratch: number]): void;
  patchRows(channels: number, side: number, patch: number, image: number, out: number): void;
  dense(
    ...args: [...Size, x: number, stride: number, w: number, bias: number, more: number, y: number, scratch: number]
  ): void;
  meanRows(rows: number, size: number, x: number, out: number): void;
  signLevels(rows: number, size: number, x: number, alpha: number): void;
  scaleColumns(rows: number, size: number, x: number, scale: number): void;
  gatherRows(rows: number, bytes: number, x: number, order: number, out: number): void;
  copyBytes(from: number, bytes: number, to: number): void;
}

/** `message` is a sentence for the user. */
export class KernelsUnavailableError extends Error {
  override readonly name = 'KernelsUnavailableError';
}

/** A module with one function that runs one vector instruction on zeros. */
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

/** Chromium since 114; nearly doubles the speed of a binary linear. */
export function hasRelaxedSimd(): boolean {
  return hasWasmSimd() && WebAssembly.validate(probe(2, 0x80, 0x02)); // i8x16.relaxed_swizzle
}

/** The builds of `assembly/` in `public/kernels/`. */
export type KernelFile = 'kernels.wasm' | 'kernels-relaxed.wasm';

/** The fastest that runs here. */
export function kernelFile(): KernelFile {
  return hasRelaxedSimd() ? 'kernels-relaxed.wasm' : 'kernels.wasm';
}

/**
 * @param bytes of the file named by `kernelFile`
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

/** @param memory that all pointers refer to; may be shared with other modules, and is never grown by the kernels */
export function kernelsIn(memory: WebAssembly.Memory, module: WebAssembly.Module): KernelExports {
  const known = instances.get(memory);
  if (known !== undefined) return known;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = exports as unknown as KernelExports;
  instances.set(memory, kernels);
  return kernels;
}
