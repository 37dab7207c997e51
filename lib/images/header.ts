import { readJpegSize, type Orientation } from '@/lib/images/header-jpeg';
import { damaged } from '@/lib/images/image-error';
import { sniffFormat, type ImageFormat } from '@/lib/images/sniff';

/** What the first bytes of an image file say, read without decoding a pixel. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** As stored, in pixels, before the orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** Read from JPEG only; 1 elsewhere. */
  readonly orientation: Orientation;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Size in pixels as shown, with the orientation applied. */
export function displaySize({ width, height, orientation }: ImageHeader): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

const SIZE_READERS: { readonly [Format in ImageFormat]: (view: DataView) => Size & Partial<ImageHeader> } = {
  png: readPngSize,
  jpeg: readJpegSize,
  gif: (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  bmp: readBmpSize,
  webp: readWebpSize,
  avif: readAvifSize,
};

/**
 * Format, size and orientation from the beginning of a file. `bytes` may be a prefix of it: PNG, GIF, BMP and WebP need at most 32 bytes,
 * JPEG and AVIF everything before their size (camera JPEGs put tens of kilobytes of metadata there).
 * Throws only ImageError: those of `sniffFormat`, and `damaged` for a truncated or impossible header. Linear in the bytes at worst.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  const format = sniffFormat(bytes);
  const header = readSize(format, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (header.width === 0 || header.height === 0) throw damaged('Its header says that it has no pixels.');
  return header;
}

function readSize(format: ImageFormat, view: DataView): ImageHeader {
  try {
    return { format, orientation: 1, ...SIZE_READERS[format](view) };
  } catch (error) {
    // DataView throws it for any read beyond its end.
    if (error instanceof RangeError) throw damaged('It ends in the middle of its header.');
    throw error;
  }
}

function ascii(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + 65536 * view.getUint8(at + 2);
}

/** Signature (8 bytes), then IHDR must be the first chunk: length, name, width, height. */
function readPngSize(view: DataView): Size {
  if (ascii(view, 12) !== 'IHDR') throw damaged('Its first chunk does not hold its size.');
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** The header's size at 14 gives its version: 12 is OS/2's, with 16-bit sides; later ones have 32-bit sides, and a negative height means top row first. */
function readBmpSize(view: DataView): Size {
  const headerSize = view.getUint32(14, true);
  if (headerSize === 12) return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  if (headerSize < 40) throw damaged('Its header has an unknown size.');
  return { width: Math.max(0, view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

/** Three kinds of first chunk: lossy (VP8), lossless (VP8L, 14-bit sides minus one) and extended (VP8X, 24-bit sides minus one). */
function readWebpSize(view: DataView): Size {
  const chunk = ascii(view, 12);
  if (chunk === 'VP8 ') {
    if (uint24(view, 23) !== 0x2a019d) throw damaged('Its first frame has no start code.');
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (chunk === 'VP8L') {
    if (view.getUint8(20) !== 0x2f) throw damaged('Its lossless stream has no signature.');
    const packed = view.getUint32(21, true);
    return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
  }
  if (chunk === 'VP8X') return { width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 };
  throw damaged('Its first chunk is of an unknown kind.');
}

/** Boxes that contain the boxes leading to the size, and how many bytes of their own come before those. */
const AVIF_CONTAINERS: ReadonlyMap<string, number> = new Map([
  ['meta', 4],
  ['iprp', 0],
  ['ipco', 0],
]);

/**
 * An AVIF file is a tree of boxes (32-bit length, four letters, content); sizes are in `ispe` boxes under meta/iprp/ipco.
 * A tiled image has one per tile and one for the whole, so the largest is taken. Every step moves forward, so the walk ends.
 */
function readAvifSize(view: DataView): Size {
  let best: Size = { width: 0, height: 0 };
  for (let at = 0; at + 8 <= view.byteLength;) {
    const length = view.getUint32(at);
    const name = ascii(view, at + 4);
    const inner = AVIF_CONTAINERS.get(name);
    if (name === 'mdat' && best.width > 0) break;
    if (name === 'ispe') {
      const found = { width: view.getUint32(at + 12), height: view.getUint32(at + 16) };
      if (found.width * found.height > best.width * best.height) best = found;
    }
    if (inner !== undefined) at += 8 + inner;
    // 64-bit length: files over 4 GB are refused elsewhere, so the low half is enough.
    else if (length === 1) at += Math.max(16, view.getUint32(at + 12));
    else if (length >= 8) at += length;
    else break; // 0: the last box, up to the end of the file
  }
  if (best.width === 0) throw damaged('Its header does not give its size.');
  return best;
}
