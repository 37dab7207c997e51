/** A model's parameters as the kernels read them: weights as panels of nibbles, limits and scales padded to whole panels. */
import type { Arena, Offset } from '@/lib/kernels/forward/arena';
import type { NormSpec, ScaledLinear, SignLinear, SignWeights } from '@/lib/kernels/forward/spec';
import { MAX_NIBBLE_DEPTH, NIBBLE_OUTPUTS, wordsOf } from '@/lib/kernels/layout';
import { packNibbles, packRows } from '@/lib/kernels/reference';

/** Up to here, counts fit in one tile of words, and `assembly/linear.ts` compares them as bytes. */
const MAX_BYTE_DEPTH = 224;
/** Limits that no sum reaches, for the outputs that pad a panel. */
const NEVER_FROM = 32_767;
const NEVER_UP_TO = -32_768;

export interface PackedNorm {
  readonly weight: Offset;
  readonly bias: Offset;
  readonly eps: number;
}

export function putNorm(arena: Arena, { weight, bias, eps }: NormSpec): PackedNorm {
  return { weight: arena.put(weight), bias: arena.put(bias), eps };
}

export interface PackedLinear {
  readonly outputs: number;
  readonly depth: number;
  readonly nibbles: Offset;
  /** Scales f32 [panels, 64], or limits, u8 or i16 [panels, 2, 64]. */
  readonly parameters: Offset;
}

export function putScaled(arena: Arena, linear: ScaledLinear): PackedLinear {
  const scale = new Float32Array(paddedOutputs(linear));
  scale.set(linear.scale);
  return putLinear(arena, linear, scale);
}

export function putSigned(arena: Arena, linear: SignLinear): PackedLinear {
  const { depth } = linear;
  const inBytes = depth <= MAX_BYTE_DEPTH;
  const limits = new (inBytes ? Uint8Array : Int16Array)(2 * paddedOutputs(linear));
  for (let output = 0; output < paddedOutputs(linear); output++) {
    const panel = Math.floor(output / NIBBLE_OUTPUTS);
    const at = 2 * NIBBLE_OUTPUTS * panel + (output % NIBBLE_OUTPUTS);
    const from = linear.from[output] ?? NEVER_FROM;
    const upTo = linear.upTo[output] ?? NEVER_UP_TO;
    // n = K - 2c: a sum of at least `from` is a count of at most (K - from) / 2. Stored plus 1, so that 0 is never reached.
    limits[at] = inBytes ? Math.max(0, Math.floor((depth - from) / 2) + 1) : from;
    limits[at + NIBBLE_OUTPUTS] = inBytes ? Math.min(255, Math.ceil((depth - upTo) / 2) + 1) : upTo;
  }
  return putLinear(arena, linear, limits);
}

function putLinear(
  arena: Arena,
  { signs, outputs, depth }: SignWeights,
  parameters: Float32Array | Int16Array | Uint8Array,
): PackedLinear {
  if (depth < 1 || depth >= MAX_NIBBLE_DEPTH) throw new RangeError(`A row has 1 to 32766 weights, got ${depth}.`);
  const nibbles = packNibbles(packRows(signs, outputs, depth, { kind: 'sign' }), outputs, wordsOf(depth));
  return { outputs, depth, nibbles: arena.put(nibbles), parameters: arena.put(parameters) };
}

function paddedOutputs({ outputs }: SignWeights): number {
  return Math.ceil(outputs / NIBBLE_OUTPUTS) * NIBBLE_OUTPUTS;
}

const DENSE_OUTPUTS = 8;

/** A real-valued linear. */
export interface DenseLinear {
  readonly outputs: number;
  readonly depth: number;
  readonly panels: Offset;
  readonly bias: Offset;
}

/** @param weight [O, I] */
export function putDense(arena: Arena, weight: Float32Array, bias: Float32Array): DenseLinear {
  const outputs = bias.length;
  const depth = weight.length / outputs;
  const padded = Math.ceil(outputs / DENSE_OUTPUTS) * DENSE_OUTPUTS;
  const panels = new Float32Array(padded * depth);
  for (let output = 0; output < outputs; output++) {
    const first = Math.floor(output / DENSE_OUTPUTS) * DENSE_OUTPUTS * depth + (output % DENSE_OUTPUTS);
    for (let i = 0; i < depth; i++) panels[first + i * DENSE_OUTPUTS] = weight[output * depth + i] ?? NaN;
  }
  const paddedBias = new Float32Array(padded);
  paddedBias.set(bias);
  return { outputs, depth, panels: arena.put(panels), bias: arena.put(paddedBias) };
}

/**
 * Exponentials of one head: e^(s_c - s_least) for each least count and each count c of differing signs, [D + 1, D + 1], float32 as
 * the scores are. Entries with c < least are never read and stay 0.
 *
 * @param scale of q . k
 */
export function expTable(size: number, scale: number): Float32Array {
  const root = Math.fround(Math.sqrt(size));
  const scores = Float32Array.from({ length: size + 1 }, (_, c) => Math.fround((size - 2 * c) * scale) / root);
  const table = new Float32Array((size + 1) ** 2);
  scores.forEach((most, least) => {
    for (let c = least; c <= size; c++) {
      table[least * (size + 1) + c] = Math.exp(Math.fround((scores[c] ?? NaN) - most));
    }
  });
  return table;
}
