/** Numbers that a file holds in ways of which JavaScript has none. */
import { CheckpointError, shortName } from '@/lib/checkpoints/checkpoint';

/** IEEE 754 binary16, given as its 16 bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A bfloat16 is the upper half of a float32. */
export function bfloatsToFloats(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
}

/** @throws CheckpointError beyond 2^53, where a double cannot hold it exactly */
export function safeInteger(value: bigint, key: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new CheckpointError(
    `The tensor "${shortName(key)}" holds an integer beyond 2^53, which cannot be read exactly.`,
  );
}
