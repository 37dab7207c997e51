import { CheckpointError, shortName, type CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { bfloatsToFloats, halfToNumber, safeInteger } from '@/lib/checkpoints/numbers';
import type { TorchTensor, TorchType } from '@/lib/checkpoints/torch-names';

const BYTES: { readonly [Type in TorchType]: number } = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/**
 * A tensor's values out of its storage, row-major whatever its strides.
 *
 * @param storage the file of that storage, little-endian
 * @throws CheckpointError when the tensor reaches beyond it
 */
export function readTensor(key: string, tensor: TorchTensor, storage: Uint8Array): CheckpointTensor {
  const { shape, stride, offset } = tensor;
  const size = BYTES[tensor.storage.type];
  const count = shape.reduce((product, n) => product * n, 1);
  const last = shape.reduce((sum, n, axis) => sum + (n - 1) * (stride[axis] ?? 0), offset);
  if (count > 0 && !((last + 1) * size <= storage.byteLength)) {
    throw new CheckpointError(
      `The tensor "${shortName(key)}" reaches beyond its values, so the file is cut off or damaged. Download or export it again.`,
    );
  }
  const elements = isRowMajor(shape, stride)
    ? storage.subarray(offset * size, (offset + count) * size)
    : gather(tensor, storage, size, count);
  return decode(key, tensor.storage.type, shape, elements);
}

function isRowMajor(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false;
    expected *= shape[axis] ?? 1;
  }
  return true;
}

/** Copies element by element in row-major order. */
function gather({ shape, stride, offset }: TorchTensor, storage: Uint8Array, size: number, count: number): Uint8Array {
  const result = new Uint8Array(count * size);
  const index = new Array<number>(shape.length).fill(0);
  let place = offset;
  for (let i = 0; i < count; i++) {
    result.set(storage.subarray(place * size, (place + 1) * size), i * size);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const step = stride[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      place += step;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      place -= next * step;
      index[axis] = 0;
    }
  }
  return result;
}

function decode(key: string, type: TorchType, shape: readonly number[], bytes: Uint8Array): CheckpointTensor {
  const { buffer, byteOffset, byteLength } = aligned(bytes, BYTES[type]);
  const length = byteLength / BYTES[type];
  switch (type) {
    case 'float32':
      return { dtype: 'F32', shape, data: new Float32Array(buffer, byteOffset, length) };
    case 'float64':
      return { dtype: 'F32', shape, data: Float32Array.from(new Float64Array(buffer, byteOffset, length)) };
    case 'float16':
      return {
        dtype: 'F16',
        shape,
        data: Float32Array.from(new Uint16Array(buffer, byteOffset, length), halfToNumber),
      };
    case 'bfloat16':
      return { dtype: 'BF16', shape, data: bfloatsToFloats(new Uint16Array(buffer, byteOffset, length)) };
    case 'int64':
      return {
        dtype: 'I64',
        shape,
        data: Float64Array.from(new BigInt64Array(buffer, byteOffset, length), (n) => safeInteger(n, key)),
      };
    case 'int32':
      return { dtype: 'I64', shape, data: Float64Array.from(new Int32Array(buffer, byteOffset, length)) };
    case 'int16':
      return { dtype: 'I64', shape, data: Float64Array.from(new Int16Array(buffer, byteOffset, length)) };
    case 'int8':
      return { dtype: 'I64', shape, data: Float64Array.from(new Int8Array(buffer, byteOffset, length)) };
    case 'uint8':
    case 'bool':
      return { dtype: 'U8', shape, data: new Uint8Array(buffer, byteOffset, length) };
  }
}

/** The same bytes at a place where numbers of that size may lie. */
function aligned(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
}
