/**
 * Reads what `torch.save` has written since PyTorch 1.6: a zip archive of a pickle, `data.pkl`, and one file per storage.
 * Nothing is executed: only the names in `torch-names.ts` have a meaning, and only tensors are kept.
 */
import { unzipSync, type UnzipFileInfo } from 'fflate';
import {
  CheckpointError,
  MAX_TENSORS,
  shortName,
  type Checkpoint,
  type CheckpointTensor,
} from '@/lib/checkpoints/checkpoint';
import { readPickle, type PickleValue } from '@/lib/checkpoints/pickle';
import { readTensor } from '@/lib/checkpoints/torch-tensor';
import { isTensor, TORCH_HOST, type TorchTensor } from '@/lib/checkpoints/torch-names';

/** Keys under which people save the weights beside other things; the first one found is used. */
const NESTS = ['model', 'state_dict', 'model_state_dict', 'module', 'student', 'net'] as const;
const MAX_NESTING = 3;
/** Tied weights share a storage, so tensors may exceed the file a little; more, and a small file could fill the memory. */
const MAX_COPIES = 1.5;

/** How files before PyTorch 1.6 begin: a pickled magic number. */
const LEGACY_START = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc];

/** Whether the bytes begin like a `.pth`, new or old. */
export function looksLikePth(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0x50, 0x4b]) || startsWith(bytes, LEGACY_START);
}

/** @throws CheckpointError when the file is not such an archive, is damaged, or holds no tensors */
export function parsePth(bytes: Uint8Array): Checkpoint {
  if (startsWith(bytes, LEGACY_START)) {
    throw new CheckpointError(
      'This .pth file is in the format that PyTorch used before version 1.6. Load it in PyTorch and save it again with torch.save.',
    );
  }
  const files = unzip(bytes);
  const root = readPickle(files.pickle, TORCH_HOST);
  const weights = findWeights(root, 0);
  if (weights === null) {
    throw new CheckpointError(
      'This .pth file holds no dictionary of tensors. Save the model’s state_dict, not the model itself.',
    );
  }
  return { tensors: decodeAll(weights, files.storages, MAX_COPIES * bytes.byteLength), metadata: new Map() };
}

interface Archive {
  readonly pickle: Uint8Array;
  /** By their key in the pickle. */
  readonly storages: ReadonlyMap<string, Uint8Array>;
}

function unzip(bytes: Uint8Array): Archive {
  const entries = new Map(Object.entries(unzipStored(bytes)));
  const [found, ...others] = [...entries].filter(([name]) => /(^|\/)data\.pkl$/.test(name));
  if (found === undefined || others.length > 0) throw damaged('it should hold one list of tensors (data.pkl)');
  const [name, pickle] = found;
  const folder = name.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order).trim() !== 'little') {
    throw new CheckpointError('This .pth file was written on a big-endian machine. Save it again on another machine.');
  }
  const prefix = `${folder}data/`;
  const storages = [...entries].filter(([path]) => path.startsWith(prefix));
  return { pickle, storages: new Map(storages.map(([path, data]) => [path.slice(prefix.length), data])) };
}

/** Copies of the entries, together never larger than the file. */
function unzipStored(bytes: Uint8Array): Record<string, Uint8Array> {
  let total = 0;
  const filter = ({ compression, size, originalSize }: UnzipFileInfo): boolean => {
    if (compression !== 0 || size !== originalSize) {
      throw new CheckpointError(
        'This .pth file was compressed again after PyTorch wrote it. Save it again with torch.save.',
      );
    }
    total += size;
    if (total > bytes.byteLength) throw damaged('its parts overlap');
    return true;
  };
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    throw damaged('its zip archive cannot be read');
  }
}

type Weights = ReadonlyMap<string, TorchTensor>;

/** The dictionary itself if it holds tensors, else the one under a well-known key. */
function findWeights(value: PickleValue, depth: number): Weights | null {
  if (!(value instanceof Map) || depth > MAX_NESTING) return null;
  const tensors = [...value].filter(
    (entry): entry is [string, TorchTensor] => typeof entry[0] === 'string' && isTensor(entry[1]),
  );
  if (tensors.length > 0) return new Map(tensors);
  for (const nest of NESTS) {
    const found = findWeights(value.get(nest) ?? null, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function decodeAll(weights: Weights, storages: Archive['storages'], maxBytes: number) {
  if (weights.size > MAX_TENSORS) throw damaged(`it lists ${weights.size} tensors, more than any model here has`);
  const tensors = new Map<string, CheckpointTensor>();
  let total = 0;
  for (const [key, tensor] of weights) {
    const storage = storages.get(tensor.storage.key);
    if (storage === undefined) throw damaged(`the values of "${shortName(key)}" are missing`);
    total += 4 * tensor.shape.reduce((product, n) => product * n, 1);
    if (total > maxBytes) throw damaged('its tensors claim more values than it holds');
    tensors.set(key, readTensor(key, tensor, storage));
  }
  return tensors;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

function damaged(what: string): CheckpointError {
  return new CheckpointError(`This is not a complete .pth file: ${what}. Download or export it again.`);
}
