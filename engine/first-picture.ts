/**
 * The first picture: what the models make of the sample that the app opens with, computed when the app is built, so that it
 * draws before any model is here.
 *
 * File, compressed as zlib does: four bytes of header length (little-endian), a JSON header padded to a multiple of four
 * bytes, then float32 values (little-endian). In the header an array is `{ at, length }` among those values.
 */
import { zlibSync } from 'fflate';
import * as z from 'zod/mini';
import { MATRIX_METRICS, MODEL_IDS, STUDENT_IDS, type Exploration } from '@/engine/protocol';
import { deitOnly, parseConfig } from '@/models/config';

export interface FirstPicture {
  /** Which of the shipped samples. */
  readonly index: number;
  /** Its true class. */
  readonly label: number;
  readonly bytes: readonly number[]; // [28 * 28], 0..255
  /** All logits and distortions, but the traces of the teacher and the default student only. */
  readonly exploration: Exploration;
}

/** In the export, below the base path. */
export const FIRST_PICTURE_FILE = 'first/picture.bin';

const LENGTH_BYTES = 4;

export function encodeFirstPicture(picture: FirstPicture): Uint8Array<ArrayBuffer> {
  const arrays: Float32Array[] = [];
  let at = 0;
  const json = JSON.stringify(picture, (_key, value: unknown) => {
    if (!(value instanceof Float32Array)) return value;
    const place = { at, length: value.length };
    arrays.push(value);
    at += value.length;
    return place;
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
  const header: unknown = JSON.parse(new TextDecoder().decode(file.subarray(LENGTH_BYTES, LENGTH_BYTES + headerBytes)));
  const values = new Float32Array(file.slice(LENGTH_BYTES + headerBytes).buffer);
  return pictureSchema(values).parse(header);
}

/** The browser's own, which does not work on the page's thread; its name for zlib's format is `deflate`. */
async function inflate(compressed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const inflated = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/** @param values what the header's `{ at, length }` point into */
function pictureSchema(values: Float32Array) {
  const count = z.int().check(z.gte(0));
  const floats = z.pipe(
    z.object({ at: count, length: count }).check(z.refine(({ at, length }) => at + length <= values.length)),
    z.transform(({ at, length }) => values.subarray(at, at + length)),
  );
  const layout = z.object({
    classTokens: count,
    gridSide: count,
    window: z.nullable(z.object({ size: count, shift: count })),
  });
  const layer = z.object({
    heads: count,
    layout,
    q: z.null(), // these four come with gradients only
    k: z.null(),
    v: z.null(),
    quantizers: z.null(),
    qBinary: z.nullable(floats),
    kBinary: z.nullable(floats),
    vBinary: z.nullable(floats),
    scores: floats,
    attention: floats,
    attentionBinary: z.nullable(floats),
    output: floats,
    gradScores: z.null(),
    gradAttention: z.null(),
    gradAttentionBinary: z.null(),
    gradQ: z.null(),
    gradK: z.null(),
    gradV: z.null(),
  });
  const trace = z.object({
    config: z.pipe(
      z.unknown(),
      z.transform((config) => deitOnly(parseConfig(JSON.stringify(config)))),
    ),
    numTokens: z.int().check(z.positive()),
    logits: floats,
    layers: z.array(layer),
    loss: z.null(), // the first picture carries no gradients
  });
  const grid = z.array(z.array(z.object({ value: z.nullable(z.number()), definedRows: count, totalRows: count })));
  const grids = z.record(z.enum(MATRIX_METRICS), grid);
  const distortion = z.object({
    attention: grids,
    attentionBinary: grids,
    constantRowShare: z.array(z.array(z.number())),
  });
  return z.object({
    index: count,
    label: count,
    bytes: z.array(z.int().check(z.gte(0), z.lte(255))),
    exploration: z.object({
      logits: z.partialRecord(z.enum(MODEL_IDS), floats),
      traces: z.partialRecord(z.enum(MODEL_IDS), trace),
      distortions: z.partialRecord(z.enum(STUDENT_IDS), distortion),
      forwardMs: z.partialRecord(z.enum(MODEL_IDS), z.null()),
    }),
  });
}
