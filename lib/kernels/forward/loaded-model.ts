/** The numbers of a model where the kernels want them: weights as panels of nibbles, limits and scales filled up to whole panels. */
import type { Arena, Place } from '@/lib/kernels/forward/arena';
import type { NormSpec, ScaledLinear, SignLinear, SignWeights } from '@/lib/kernels/forward/spec';
import { MAX_NIBBLE_DEPTH, NIBBLE_OUTPUTS, wordsOf } from '@/lib/kernels/layout';
import { packNibbles, packRows } from '@/lib/kernels/reference';

export interface ResidentNorm {
  readonly weight: Place;
  readonly bias: Place;
  readonly eps: number;
}

export interface ResidentLinear {
  readonly outputs: number;
  readonly depth: number;
  readonly nibbles: Place;
  /** Scales f32 [panels, 64], or limits, u8 or i16 [panels, 2, 64]. */
  readonly parameters: Place;
  /** Of nibbles and parameters. */
  readonly bytes: number;
}

/** Counts of one tile of words, which `linear.ts` compares as bytes. */
const MAX_BYTE_DEPTH = 224;
/** A sum that no sum reaches. */
const NEVER_FROM = 32_767;
const NEVER_UP_TO = -32_768;

export function putNorm(arena: Arena, { weight, bias, eps }: NormSpec): ResidentNorm {
  return { weight: arena.put(weight), bias: arena.put(bias), eps };
}

export function putScaled(arena: Arena, linear: ScaledLinear): ResidentLinear {
  const scale = new Float32Array(paddedOutputs(linear));
  scale.set(linear.scale);
  return putLinear(arena, linear, scale);
}

export function putSigned(arena: Arena, linear: SignLinear): ResidentLinear {
  const { depth } = linear;
  const inBytes = depth <= MAX_BYTE_DEPTH;
  const limits = new (inBytes ? Uint8Array : Int16Array)(2 * paddedOutputs(linear));
  for (let output = 0; output < paddedOutputs(linear); output++) {
    const panel = Math.floor(output / NIBBLE_OUTPUTS);
    const at = 2 * NIBBLE_OUTPUTS * panel + (output % NIBBLE_OUTPUTS);
    const from = linear.from[output] ?? NEVER_FROM;
    const upTo = linear.upTo[output] ?? NEVER_UP_TO;
    // n = K - 2c: a sum from `from` on is a count of at most (K - from) / 2. One more, so that 0 is never reached.
    limits[at] = inBytes ? Math.max(0, Math.floor((depth - from) / 2) + 1) : from;
    limits[at + NIBBLE_OUTPUTS] = inBytes ? Math.min(255, Math.ceil((depth - upTo) / 2) + 1) : upTo;
  }
  return putLinear(arena, linear, limits);
}

function putLinear(
  arena: Arena,
  { signs, outputs, depth }: SignWeights,
  parameters: Float32Array | Int16Array | Uint8Array,
): ResidentLinear {
  if (depth < 1 || depth >= MAX_NIBBLE_DEPTH) throw new RangeError(`A row has 1 to 32766 weights, got ${depth}.`);
  const nibbles = packNibbles(packRows(signs, outputs, depth, { kind: 'sign' }), outputs, wordsOf(depth));
  const bytes = nibbles.byteLength + parameters.byteLength;
  return { outputs, depth, nibbles: arena.put(nibbles), parameters: arena.put(parameters), bytes };
}

function paddedOutputs({ outputs }: SignWeights): number {
  return Math.ceil(outputs / NIBBLE_OUTPUTS) * NIBBLE_OUTPUTS;
}

export interface ResidentDense {
  readonly outputs: number;
  readonly depth: number;
  readonly panels: Place;
  readonly bias: Place;
}

const DENSE_OUTPUTS = 8;

/** @param weight [O, I] */
export function putDense(arena: Arena, weight: Float32Array, bias: Float32Array): ResidentDense {
  const outputs = bias.length;
  const depth = weight.length / outputs;
  const padded = Math.ceil(outputs / DENSE_OUTPUTS) * DENSE_OUTPUTS;
  const panels = new Float32Array(padded * depth);
  for (let output = 0; output < outputs; output++) {
    const first = Math.floor(output / DENSE_OUTPUTS) * DENSE_OUTPUTS * depth + (output % DENSE_OUTPUTS);
    for (let i = 0; i < depth; i++) panels[first + i * DENSE_OUTPUTS] = weight[output * depth + i] ?? NaN;
  }
  const shifts = new Float32Array(padded);
  shifts.set(bias);
  return { outputs, depth, panels: arena.put(panels), bias: arena.put(shifts) };
}

/**
 * e^(s_c - s_least) for each least count and each count c of signs that differ: [D + 1, D + 1], float32 as the scores are. Entries that
 * no row asks for (c < least) are 0.
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
