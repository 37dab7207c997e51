/**
 * Reads `.safetensors`: eight bytes of header length, a JSON header, then the tensors' bytes, little-endian. Everything is checked:
 * lengths, offsets (bounds and overlap), types, shapes against bytes. Format: https://huggingface.co/docs/safetensors
 */
import {
  CheckpointError,
  isSizes,
  MAX_RANK,
  MAX_TENSORS,
  shortName,
  type Checkpoint,
  type CheckpointTensor,
} from '@/lib/checkpoints/checkpoint';
import { ELEMENT_TYPES } from '@/lib/checkpoints/element-types';

const LENGTH_BYTES = 8;
/** A model of hundreds of layers needs a few hundred kB. */
const MAX_HEADER_BYTES = 8 * 1024 * 1024;

const { float32, float16, bfloat16, int64, uint8 } = ELEMENT_TYPES;
const TYPES = { F32: float32, F16: float16, BF16: bfloat16, I64: int64, U8: uint8 } as const;
type Dtype = keyof typeof TYPES;

interface Entry {
  readonly key: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** @throws CheckpointError when the file is malformed, or holds a type other than F32, F16, BF16, I64 or U8 */
export function parseSafetensors(bytes: Uint8Array): Checkpoint {
  const { header, body } = splitHeader(bytes);
  const entries: Entry[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  // A Map, so that a key such as "__proto__" is a key like any other.
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') metadata = readMetadata(value);
    else entries.push(readEntry(key, value, body.byteLength));
  }
  if (entries.length > MAX_TENSORS)
    throw new CheckpointError(`The file lists ${entries.length} tensors, more than any model here has.`);
  refuseOverlap(entries);
  return { tensors: new Map(entries.map((entry) => [entry.key, decode(entry, body)])), metadata };
}

function splitHeader(bytes: Uint8Array): { readonly header: object; readonly body: Uint8Array } {
  if (bytes.byteLength < LENGTH_BYTES) throw damaged('it is shorter than its own header');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) throw damaged(`its header claims ${length} bytes`);
  const bodyStart = LENGTH_BYTES + Number(length);
  if (bodyStart > bytes.byteLength) throw damaged('it ends before its header does');
  const header = parseJson(bytes.subarray(LENGTH_BYTES, bodyStart));
  if (!isObject(header)) throw damaged('its header is not an object');
  return { header, body: bytes.subarray(bodyStart) };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('its header is not JSON');
  }
}

function readMetadata(value: unknown): ReadonlyMap<string, string> {
  if (!isObject(value)) throw damaged('its metadata is not an object');
  return new Map(
    Object.entries(value).map(([key, text]): [string, string] => {
      if (typeof text !== 'string') throw damaged(`its metadata "${shortName(key)}" is not text`);
      return [key, text];
    }),
  );
}

function readEntry(key: string, value: unknown, bodyBytes: number): Entry {
  const name = shortName(key);
  if (!isObject(value)) throw damaged(`the entry "${name}" is not an object`);
  const { dtype, shape, data_offsets: offsets } = value as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== 'string' || !Object.hasOwn(TYPES, dtype)) {
    const held = shortName(String(JSON.stringify(dtype)));
    throw new CheckpointError(`The tensor "${name}" has type ${held}; convert it to F32, F16, BF16, I64 or U8.`);
  }
  if (!isSizes(shape) || shape.length > MAX_RANK) throw damaged(`the tensor "${name}" has no usable shape`);
  if (!isSizes(offsets) || offsets.length !== 2) throw damaged(`the tensor "${name}" has no usable offsets`);
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > bodyBytes) throw damaged(`the tensor "${name}" lies outside the file`);
  const bytes = shape.reduce((product, n) => product * n, TYPES[dtype as Dtype].bytes);
  if (bytes !== end - begin)
    throw damaged(`the tensor "${name}" of shape [${shape.join(', ')}] should take ${bytes} bytes, not ${end - begin}`);
  return { key, dtype: dtype as Dtype, shape, begin, end };
}

function refuseOverlap(entries: readonly Entry[]): void {
  const filled = entries.filter(({ begin, end }) => end > begin).sort((a, b) => a.begin - b.begin);
  filled.forEach((entry, i) => {
    const next = filled[i + 1];
    if (next !== undefined && next.begin < entry.end) {
      throw damaged(`the tensors "${shortName(entry.key)}" and "${shortName(next.key)}" overlap`);
    }
  });
}

function decode({ key, dtype, shape, begin, end }: Entry, body: Uint8Array): CheckpointTensor {
  // A copy, so that the file's buffer can be freed. (Not `slice`, which in Node's Buffer is a view.)
  return { shape, ...TYPES[dtype].decode(new Uint8Array(body.subarray(begin, end)), key) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function damaged(what: string): CheckpointError {
  return new CheckpointError(`This is not a complete .safetensors file: ${what}. Download or export it again.`);
}
