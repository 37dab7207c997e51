import { createByteReader, damaged, type ByteReader } from '@/lib/images/byte-reader';
import { readJpegSize, type Orientation } from '@/lib/images/header-jpeg';
import { sniffFormat, type ImageFormat } from '@/lib/images/sniff';

/** What the first bytes of a picture say, read without decoding a pixel. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** As stored, in pixels, before the orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** Read from JPEG only; 1 elsewhere. */
  readonly orientation: Orientation;
}

/** Size in pixels as shown, the orientation applied. */
export function displaySize(header: ImageHeader): { readonly width: number; readonly height: number } {
  const { width, height, orientation } = header;
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/**
 * Format, size and orientation from the beginning of a file. `bytes` may be a prefix of the file: PNG, GIF, BMP and WebP need 32 bytes at most,
 * JPEG and AVIF as much as stands before their size (camera JPEGs carry tens of kilobytes of metadata there).
 * Throws ImageError only: those of `sniffFormat`, and `damaged` where the header is cut off or impossible. Cost: linear in the bytes at worst.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  const format = sniffFormat(bytes);
  const reader = createByteReader(bytes);
  const { width, height, orientation } = readSize(format, reader);
  if (width === 0 || height === 0) throw damaged('Its header says that it has no pixels.');
  return { format, width, height, orientation };
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
}

function readSize(format: ImageFormat, reader: ByteReader): Size {
  switch (format) {
    case 'png':
      return readPngSize(reader);
    case 'jpeg':
      return readJpegSize(reader);
    case 'gif':
      return upright(reader.u16(6, true), reader.u16(8, true));
    case 'bmp':
      return readBmpSize(reader);
    case 'webp':
      return readWebpSize(reader);
    case 'avif':
      return readAvifSize(reader);
    default:
      throw new RangeError(`no header reader for ${String(format satisfies never)}`);
  }
}

function upright(width: number, height: number): Size {
  return { width, height, orientation: 1 };
}

/** Signature (8 bytes), then IHDR must be the first chunk: length, name, width, height. */
function readPngSize(reader: ByteReader): Size {
  if (reader.text(12, 4) !== 'IHDR') throw damaged('Its first chunk is not the one that holds the size.');
  return upright(reader.u32(16), reader.u32(20));
}

/** The header's size at 14 tells its version: 12 is OS/2's with 16-bit sides; later ones have 32-bit sides, a negative height means top row first. */
function readBmpSize(reader: ByteReader): Size {
  const headerSize = reader.u32(14, true);
  if (headerSize === 12) return upright(reader.u16(18, true), reader.u16(20, true));
  if (headerSize < 40) throw damaged('Its header has an unknown size.');
  return upright(Math.max(0, reader.i32(18, true)), Math.abs(reader.i32(22, true)));
}

/** Three kinds of first chunk: lossy (VP8), lossless (VP8L, 14-bit sides minus one) and extended (VP8X, 24-bit sides minus one). */
function readWebpSize(reader: ByteReader): Size {
  const chunk = reader.text(12, 4);
  if (chunk === 'VP8 ') {
    if (reader.u24(23) !== 0x2a019d) throw damaged('Its first frame has no start code.');
    return upright(reader.u16(26, true) & 0x3fff, reader.u16(28, true) & 0x3fff);
  }
  if (chunk === 'VP8L') {
    if (reader.u8(20) !== 0x2f) throw damaged('Its lossless stream has no signature.');
    const packed = reader.u32(21, true);
    return upright((packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1);
  }
  if (chunk === 'VP8X') return upright(reader.u24(24) + 1, reader.u24(27) + 1);
  throw damaged('Its first chunk is of an unknown kind.');
}

/** Boxes that only hold other boxes on the way to a picture's size, with the bytes of their own that come before the first inner box. */
const AVIF_CONTAINERS: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0 };

/**
 * An AVIF file is a tree of boxes (32-bit length, four letters, content); the sizes are in `ispe` boxes under meta/iprp/ipco.
 * A picture in tiles has one for each tile and one for the whole: the largest is taken. Each step moves forward, so the walk ends.
 */
function readAvifSize(reader: ByteReader): Size {
  let best = upright(0, 0);
  let at = 0;
  while (at + 8 <= reader.length) {
    const length = reader.u32(at);
    const name = reader.text(at + 4, 4);
    const inner = AVIF_CONTAINERS[name];
    if (name === 'ispe') {
      const found = upright(reader.u32(at + 12), reader.u32(at + 16));
      if (found.width * found.height > best.width * best.height) best = found;
    } else if (name === 'mdat' && best.width > 0) {
      break;
    }
    if (inner !== undefined) {
      at += 8 + inner;
    } else if (length === 1) {
      // 64-bit length: a file over 4 GB is refused elsewhere, so the low half is enough.
      at += Math.max(16, reader.u32(at + 12));
    } else if (length >= 8) {
      at += length;
    } else {
      break; // 0: the last box, up to the end of the file
    }
  }
  if (best.width === 0) throw damaged('Its header does not say how large it is.');
  return best;
}
