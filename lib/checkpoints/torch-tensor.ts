import { CheckpointError, shortName, type CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { ELEMENT_TYPES } from '@/lib/checkpoints/element-types';
import type { TorchTensor } from '@/lib/checkpoints/torch-names';

/**
 * A tensor's values from its storage, row-major whatever its strides.
 *
 * @param storage the storage's file, little-endian
 * @throws CheckpointError when the tensor reaches beyond it
 */
export function readTensor(key: string, tensor: TorchTensor, storage: Uint8Array): CheckpointTensor {
  const { shape, stride, offset } = tensor;
  const type = ELEMENT_TYPES[tensor.storage.type];
  const count = shape.reduce((product, n) => product * n, 1);
  const last = shape.reduce((sum, n, axis) => sum + (n - 1) * (stride[axis] ?? 0), offset);
  if (count > 0 && !((last + 1) * type.bytes <= storage.byteLength)) {
    throw new CheckpointError(
      `The tensor "${shortName(key)}" reaches beyond its values, so the file is cut off or damaged. Download or export it again.`,
    );
  }
  const elements = isRowMajor(shape, stride)
    ? storage.subarray(offset * type.bytes, (offset + count) * type.bytes)
    : gather(tensor, storage, type.bytes, count);
  return { shape, ...type.decode(elements, key) };
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
  for (let i = 0; i < count; i++) {
    let from = offset;
    for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
      const length = shape[axis] ?? 1;
      from += (rest % length) * (stride[axis] ?? 0);
      rest = Math.floor(rest / length);
    }
    result.set(storage.subarray(from * size, (from + 1) * size), i * size);
  }
  return result;
}
