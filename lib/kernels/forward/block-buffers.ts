/** Buffers for a block's intermediate results; the blocks of a model share one set. */
import type { Arena, Offset } from '@/lib/kernels/forward/arena';
import type { BlockSpec } from '@/lib/kernels/forward/spec';
import { NIBBLE_OUTPUTS, wordsOf } from '@/lib/kernels/layout';

/** The most that linears and attention need as scratch, before what grows with the sizes. */
const FIXED_SCRATCH = 1200;

export interface BlockSize {
  readonly rows: number;
  readonly width: number;
  /** Bytes from row to row where an element is a byte: whole panels. */
  readonly byteStride: number;
}

export function blockSize({ attention: { heads, size, tokens, windows } }: BlockSpec): BlockSize {
  const width = heads * size;
  return { rows: windows * tokens, width, byteStride: panelled(width) };
}

export type BlockBuffers = { readonly [Name in keyof ReturnType<typeof bytesNeeded>]: Offset };

/** Each as large as the largest of the blocks needs it. */
export function reserveBuffers(arena: Arena, blocks: readonly BlockSpec[]): BlockBuffers {
  const needs = blocks.map(bytesNeeded);
  const names = Object.keys(needs[0] ?? {}) as (keyof BlockBuffers)[];
  const offsets = names.map((name) => [name, arena.reserve(Math.max(...needs.map((need) => need[name])))]);
  return Object.fromEntries(offsets) as BlockBuffers; // without blocks nothing reads it
}

function bytesNeeded(spec: BlockSpec) {
  const { heads, size, tokens } = spec.attention;
  const { rows, width, byteStride } = blockSize(spec);
  const hidden = spec.fc1.outputs;
  const headBits = 4 * rows * heads * wordsOf(size);
  return {
    bits: 4 * rows * wordsOf(width),
    hiddenBits: 4 * rows * wordsOf(hidden),
    floats: 4 * rows * width,
    qBits: headBits,
    kBits: headBits,
    bytes: rows * byteStride,
    values: rows * byteStride,
    keyPanels: panelled(tokens) * 8 * wordsOf(size),
    valuePanels: panelled(size) * 8 * wordsOf(tokens),
    scratch: FIXED_SCRATCH + 3 * panelled(tokens) + 8 * (tokens + 3) + 16 * wordsOf(Math.max(width, hidden, tokens)),
    record: 12 * tokens * tokens,
  };
}

function panelled(outputs: number): number {
  return Math.ceil(outputs / NIBBLE_OUTPUTS) * NIBBLE_OUTPUTS;
}
