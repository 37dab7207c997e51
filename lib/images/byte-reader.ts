import { ImageError } from '@/lib/images/image-error';

/** Reads numbers out of bytes that nobody has checked: any read past the end is an ImageError (`damaged`), never `undefined` or NaN. */
export interface ByteReader {
  readonly length: number;
  readonly u8: (at: number) => number;
  readonly u16: (at: number, littleEndian?: boolean) => number;
  readonly u24: (at: number) => number;
  readonly u32: (at: number, littleEndian?: boolean) => number;
  readonly i32: (at: number, littleEndian?: boolean) => number;
  /** `count` bytes as Latin-1 text; shorter at the end of the data. Never throws. */
  readonly text: (at: number, count: number) => string;
}

/** A bounds-checked reader over `bytes`; numbers are big-endian unless told (u24, WebP's own, is little-endian). */
export function createByteReader(bytes: Uint8Array): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const check = (at: number, size: number): void => {
    if (at < 0 || at + size > bytes.length) throw damaged('It ends in the middle of its header.');
  };
  return {
    length: bytes.length,
    u8: (at) => (check(at, 1), view.getUint8(at)),
    u16: (at, littleEndian = false) => (check(at, 2), view.getUint16(at, littleEndian)),
    u24: (at) => (check(at, 3), view.getUint16(at, true) + 65536 * view.getUint8(at + 2)),
    u32: (at, littleEndian = false) => (check(at, 4), view.getUint32(at, littleEndian)),
    i32: (at, littleEndian = false) => (check(at, 4), view.getInt32(at, littleEndian)),
    text: (at, count) => String.fromCharCode(...bytes.subarray(at, at + count)),
  };
}

/** The error for a file that has the right beginning and then does not make sense. */
export function damaged(detail: string): ImageError {
  return new ImageError(
    'damaged',
    `This image file is damaged. ${detail} Save or download it again, or choose another one.`,
  );
}
