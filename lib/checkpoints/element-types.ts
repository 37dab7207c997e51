/** The number formats that checkpoints use, and how each is decoded. Little-endian throughout. */
import { CheckpointError, shortName, type TensorValues } from '@/lib/checkpoints/checkpoint';

interface ElementType {
  readonly bytes: number;
  /** @param key the tensor's name, for the error. @throws CheckpointError for an integer beyond 2^53 */
  readonly decode: (bytes: Uint8Array, key: string) => TensorValues;
}

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

function elementType<T>(Elements: ArrayType<T>, decode: (elements: T, key: string) => TensorValues): ElementType {
  const size = Elements.BYTES_PER_ELEMENT;
  return {
    bytes: size,
    decode: (bytes, key) => {
      const { buffer, byteOffset, byteLength } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
      return decode(new Elements(buffer, byteOffset, byteLength / size), key);
    },
  };
}

const integers = (elements: Iterable<number>): TensorValues => ({ dtype: 'I64', data: Float64Array.from(elements) });

export const ELEMENT_TYPES = {
  float64: elementType(Float64Array, (elements) => ({ dtype: 'F32', data: Float32Array.from(elements) })),
  float32: elementType(Float32Array, (data) => ({ dtype: 'F32', data })),
  float16: elementType(Uint16Array, (halves) => ({ dtype: 'F16', data: Float32Array.from(halves, halfToNumber) })),
  /** The upper half of a float32. */
  bfloat16: elementType(Uint16Array, (halves) => ({
    dtype: 'BF16',
    data: new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer),
  })),
  int64: elementType(BigInt64Array, (elements, key) => ({
    dtype: 'I64',
    data: Float64Array.from(elements, (value) => safeInteger(value, key)),
  })),
  int32: elementType(Int32Array, integers),
  int16: elementType(Int16Array, integers),
  int8: elementType(Int8Array, integers),
  uint8: elementType(Uint8Array, (data) => ({ dtype: 'U8', data })),
} as const satisfies { readonly [name: string]: ElementType };

/** IEEE 754 binary16, given as its 16 bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function safeInteger(value: bigint, key: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new CheckpointError(
    `The tensor "${shortName(key)}" holds an integer beyond 2^53, which cannot be read exactly.`,
  );
}
