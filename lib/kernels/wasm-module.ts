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
  lookupAdd(
    ...args: [
      ...size: [rows: number, columns: number, depth: number],
      ...factors: [a: number, b: number, scale: number],
      ...result: [y: number, stride: number, order: number, scratch: number],
    ]
  ): void;
  lookupBits(...args: LookupSignArguments): void;
  lookupBytes(...args: LookupSignArguments): void;
  packBytes(rows: number, heads: number, size: number, x: number, stride: number, out: number): void;
  keyPanels(tokens: number, words: number, bits: number, stride: number, out: number): void;
  valuePanels(tokens: number, size: number, x: number, stride: number, out: number): void;
  attend(
    ...args: [
      ...size: [tokens: number, size: number],
      ...factors: [q: number, qStride: number, keys: number, values: number],
      ...softmax: [exps: number, alpha: number, scale: number, root: number, bias: number],
      ...result: [out: number, outStride: number, record: number, recordStep: number, scratch: number],
    ]
  ): void;
  normSigns(
    ...args: [
      ...input: [rows: number, size: number, x: number, stride: number, order: number],
      ...norm: [weight: number, bias: number, eps: number, from: number, heads: number],
      ...result: [out: number, scratch: number],
    ]
  ): void;
  normRows(
    ...args: [
      ...input: [rows: number, size: number, x: number, stride: number],
      ...norm: [weight: number, bias: number, eps: number],
      ...result: [y: number, scratch: number],
    ]
  ): void;
  patchRows(channels: number, side: number, patch: number, image: number, out: number): void;
  dense(
    ...args: [
      ...size: [rows: number, columns: number, depth: number],
      ...factors: [x: number, stride: number, w: number, bias: number, more: number],
      ...result: [y: number, scratch: number],
    ]
  ): void;
  meanRows(rows: number, size: number, x: number, out: number): void;
  signLevels(rows: number, size: number, x: number, alpha: number): void;
  scaleColumns(rows: number, size: number, x: number, scale: number): void;
  gatherRows(rows: number, bytes: number, x: number, order: number, out: number): void;
  copyBytes(from: number, bytes: number, to: number): void;
}

type LookupSignArguments = [
  ...size: [rows: number, columns: number, depth: number],
  ...factors: [a: number, b: number, limits: number],
  ...result: [y: number, stride: number, scratch: number],
];

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
