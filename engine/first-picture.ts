/**
 * The first picture: what the models make of the sample that the app opens with, computed when the app is built, so that it draws
 * before any model is here.
 *
 * File, compressed as zlib does: four bytes of header length (little-endian), a JSON header padded to a multiple of four
 * bytes, then float32 values (little-endian). In the header an array is `{ at, length }` among those values.
 */
import { zlibSync } from 'fflate';
import type { Exploration } from '@/engine/protocol';

/** An answer of the worker, as the page would have asked for it. */
export interface PreparedAnswer {
  /** Of the analysis. */
  readonly id: string;
  readonly request: unknown;
  readonly result: unknown;
}

export interface FirstPicture {
  readonly familyId: string;
  /** Of the sample: `sample-9`. */
  readonly imageKey: string;
  /** Its true class; `null` where nobody knows it. */
  readonly label: number | null;
  /** As the models see it, 0..255. */
  readonly bytes: readonly number[]; // [channels, size, size]
  /** All logits, but the traces of the members on the first screen only. */
  readonly exploration: Exploration;
  readonly answers: readonly PreparedAnswer[];
}

/** In the export, below the base path. */
export const FIRST_PICTURE_FILE = 'first/picture.bin';

const LENGTH_BYTES = 4;

export function encodeFirstPicture(picture: FirstPicture): Uint8Array<ArrayBuffer> {
  const arrays: Float32Array[] = [];
  let at = 0;
  const json = JSON.stringify(picture, (_key, value: unknown) => {
    if (!(value instanceof Float32Array)) return value;
    const position = { at, length: value.length };
    arrays.push(value);
    at += value.length;
    return position;
  });
  const padded = new TextEncoder().encode(json + ' '.repeat((4 - (new TextEncoder().encode(json).length % 4)) % 4));
  const file = new Uint8Array(LENGTH_BYTES + padded.length + 4 * at);
  new DataView(file.buffer).setUint32(0, padded.length, true);
  file.set(padded, LENGTH_BYTES);
  let offset = LENGTH_BYTES + padded.length;
  for (const array of arrays) {
    file.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  return zlibSync(file, { level: 9 });
}

/** @throws Error when the bytes are not such a file */
export async function decodeFirstPicture(compressed: Uint8Array<ArrayBuffer>): Promise<FirstPicture> {
  const file = await inflate(compressed);
  const headerBytes = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  const values = new Float32Array(file.slice(LENGTH_BYTES + headerBytes).buffer);
  const text = new TextDecoder().decode(file.subarray(LENGTH_BYTES, LENGTH_BYTES + headerBytes));
  const header: unknown = JSON.parse(text, (_key, value: unknown) =>
    isPosition(value) ? arrayAt(values, value) : value,
  );
  if (!isFirstPicture(header)) throw new Error('not a first picture');
  return header;
}

/** By its outline; the values within are this app's own, and zlib's checksum was right. */
function isFirstPicture(value: unknown): value is FirstPicture {
  if (typeof value !== 'object' || value === null) return false;
  const { imageKey, bytes, exploration, answers } = value as Partial<FirstPicture>;
  const hasBytes = Array.isArray(bytes) && bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  return typeof imageKey === 'string' && hasBytes && typeof exploration?.logits === 'object' && Array.isArray(answers);
}

function isPosition(value: unknown): value is { readonly at: number; readonly length: number } {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  return 'at' in value && 'length' in value && typeof value.at === 'number' && typeof value.length === 'number';
}

function arrayAt(values: Float32Array, { at, length }: { readonly at: number; readonly length: number }): Float32Array {
  if (at < 0 || at + length > values.length) throw new RangeError('the first picture ends too early');
  return values.subarray(at, at + length);
}

/** The browser's own, which does not work on the page's thread; its name for zlib's format is `deflate`. */
async function inflate(compressed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const inflated = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}
