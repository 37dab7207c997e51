/** The few names that have a meaning in PyTorch's pickles. Everything else becomes an inert object that nothing inspects. */
import { CheckpointError, isSize, isSizes, MAX_RANK } from '@/lib/checkpoints/checkpoint';
import { ELEMENT_TYPES } from '@/lib/checkpoints/element-types';
import { PickleGlobal, type PickleHost, type PickleObject, type PickleValue } from '@/lib/checkpoints/pickle';

const STORAGES: ReadonlyMap<string, keyof typeof ELEMENT_TYPES> = new Map([
  ['torch.DoubleStorage', 'float64'],
  ['torch.FloatStorage', 'float32'],
  ['torch.HalfStorage', 'float16'],
  ['torch.BFloat16Storage', 'bfloat16'],
  ['torch.LongStorage', 'int64'],
  ['torch.IntStorage', 'int32'],
  ['torch.ShortStorage', 'int16'],
  ['torch.CharStorage', 'int8'],
  ['torch.ByteStorage', 'uint8'],
  ['torch.BoolStorage', 'uint8'],
]);

interface TorchStorage extends PickleObject {
  readonly kind: 'storage';
  readonly type: keyof typeof ELEMENT_TYPES;
  /** Name of its file in the archive. */
  readonly key: string;
}

/** A view of a storage; nothing has been read yet. Offset and strides in elements. */
export interface TorchTensor extends PickleObject {
  readonly kind: 'tensor';
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

const INERT: PickleObject = { kind: 'inert' };

export function isTensor(value: PickleValue): value is TorchTensor {
  return isObject(value) && value.kind === 'tensor';
}

export const TORCH_HOST: PickleHost = {
  call: (callee, args) => {
    switch (callee instanceof PickleGlobal ? callee.name : null) {
      case 'collections.OrderedDict':
        return new Map();
      case 'torch._utils._rebuild_tensor_v2':
      case 'torch._utils._rebuild_tensor':
        return rebuildTensor(args);
      case 'torch._utils._rebuild_parameter':
        return args[0] ?? INERT;
      default:
        return INERT;
    }
  },
  persistent: (id) => {
    const [tag, storage, key] = Array.isArray(id) ? id : [];
    const type = storage instanceof PickleGlobal ? STORAGES.get(storage.name) : undefined;
    if (tag !== 'storage' || typeof key !== 'string' || type === undefined) return INERT;
    const found: TorchStorage = { kind: 'storage', type, key };
    return found;
  },
};

/** (storage, offset, size, stride, ...); a tensor over a storage of an unknown type stays inert. */
function rebuildTensor([storage = null, offset, shape, stride]: readonly PickleValue[]): PickleValue {
  if (!isObject(storage)) throw unreadable();
  if (storage.kind === 'inert') return INERT;
  if (!isStorage(storage) || !isSize(offset) || !isSizes(shape) || !isSizes(stride)) throw unreadable();
  if (shape.length !== stride.length || shape.length > MAX_RANK) throw unreadable();
  const tensor: TorchTensor = { kind: 'tensor', storage, offset, shape, stride };
  return tensor;
}

function isObject(value: PickleValue): value is PickleObject {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

function isStorage(value: PickleObject): value is TorchStorage {
  return value.kind === 'storage';
}

function unreadable(): CheckpointError {
  return new CheckpointError(
    'A tensor in this .pth file is described in a way that PyTorch does not write. Download or export the file again.',
  );
}
