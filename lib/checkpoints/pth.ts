/**
 * Reads what `torch.save` writes since PyTorch 1.6: a zip archive of a pickle, `data.pkl`, and one file for each storage.
 *
 * Nothing is executed: of all the names in the pickle only those in `torch-names.ts` mean something, and only tensors are taken.
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
import { isTensor, torchHost, type TorchTensor } from '@/lib/checkpoints/torch-names';

/** Where people put the weights among other things; the first that is there is taken. */
const NESTS = ['model', 'state_dict', 'model_state_dict', 'module', 'student', 'net'] as const;
const MAX_NESTING = 3;
/** Tied weights share a storage; more than this, and a few bytes would be asked to fill the memory. */
const MAX_COPIES = 1.5;

/** What files before PyTorch 1.6 begin with: a pickled magic number. */
const LEGACY_START = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc];

/** Whether the bytes begin as a `.pth` does, of today or of old. */
export function looksLikePth(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0x50, 0x4b]) || startsWith(bytes, LEGACY_START);
}

/**
 * @param bytes the whole file
 * @throws CheckpointError when it is no such archive, is damaged, or holds no tensors
 */
export function parsePth(bytes: Uint8Array): Checkpoint {
  if (startsWith(bytes, LEGACY_START)) {
    throw new CheckpointError(
      'This .pth file is in the form that PyTorch wrote before version 1.6. Load it once in PyTorch and save it again with torch.save.',
    );
  }
  const files = unzip(bytes);
  const root = readPickle(files.pickle, torchHost());
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
  /** By the key that the pickle knows them under. */
  readonly storages: ReadonlyMap<string, Uint8Array>;
}

function unzip(bytes: Uint8Array): Archive {
  const entries = new Map(Object.entries(unzipStored(bytes)));
  const pickles = [...entries.keys()].filter((name) => /(^|\/)data\.pkl$/.test(name));
  const [name] = pickles;
  const pickle = name === undefined ? undefined : entries.get(name);
  if (name === undefined || pickle === undefined || pickles.length > 1) {
    throw damaged('it has not exactly one list of tensors (data.pkl)');
  }
  const folder = name.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order).trim() !== 'little') {
    throw new CheckpointError('This .pth file was written on a big-endian machine. Save it again on another one.');
  }
  const prefix = `${folder}data/`;
  const storages = [...entries].filter(([path]) => path.startsWith(prefix));
  return { pickle, storages: new Map(storages.map(([path, data]) => [path.slice(prefix.length), data])) };
}

/** Copies of the entries; together they are never more than the file. */
function unzipStored(bytes: Uint8Array): Record<string, Uint8Array> {
  let total = 0;
  const filter = ({ compression, size, originalSize }: UnzipFileInfo): boolean => {
    if (compression !== 0 || size !== originalSize) {
      throw new CheckpointError(
        'This .pth file was compressed again after PyTorch wrote it. Save it anew with torch.save.',
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
    throw damaged('it is no whole zip archive');
  }
}

type Weights = ReadonlyMap<string, TorchTensor>;

/** The dictionary itself when it holds tensors, or the one under a well-known name. */
function findWeights(value: PickleValue, depth: number): Weights | null {
  if (!(value instanceof Map) || depth > MAX_NESTING) return null;
  const tensors = [...value].filter((entry): entry is [string, TorchTensor] => {
    const [key, item] = entry;
    return typeof key === 'string' && isTensor(item);
  });
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
    if (total > maxBytes) throw damaged('its tensors claim more values than it has');
    tensors.set(key, readTensor(key, tensor, storage));
  }
  return tensors;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

function damaged(what: string): CheckpointError {
  return new CheckpointError(`This is not a whole .pth file: ${what}. Download or export it again.`);
}
