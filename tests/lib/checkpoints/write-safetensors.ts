/** The inverse of the reader, for tests: a well-formed `.safetensors` file. */

export interface RawTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export function writeSafetensors(
  tensors: ReadonlyMap<string, RawTensor>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  let offset = 0;
  const entries: [string, unknown][] = metadata === undefined ? [] : [['__metadata__', metadata]];
  for (const [key, { dtype, shape, bytes }] of tensors) {
    entries.push([key, { dtype, shape, data_offsets: [offset, offset + bytes.byteLength] }]);
    offset += bytes.byteLength;
  }
  return assemble(
    JSON.stringify(Object.fromEntries(entries)),
    [...tensors.values()].map(({ bytes }) => bytes),
  );
}

/** Header length, header and bodies, whatever the header says. */
export function assemble(header: string, bodies: readonly Uint8Array[] = []): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.byteLength), true);
  const parts = [length, json, ...bodies];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.byteLength;
  }
  return file;
}

export function bytesOf(values: Float32Array | Uint16Array | BigInt64Array | Uint8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
