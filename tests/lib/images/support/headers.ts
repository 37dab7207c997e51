/** Smallest beginnings of picture files, written out byte by byte, so that no decoder's opinion is in the tests. */

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const be16 = (value: number): number[] => [(value >>> 8) & 255, value & 255];
const be32 = (value: number): number[] => [...be16(value >>> 16), ...be16(value & 0xffff)];
const le16 = (value: number): number[] => be16(value).reverse();
const le32 = (value: number): number[] => be32(value).reverse();
const le24 = (value: number): number[] => le32(value).slice(0, 3);

export function pngHeader(width: number, height: number): Uint8Array {
  return Uint8Array.from([
    0x89,
    ...ascii('PNG\r\n'),
    0x1a,
    0x0a,
    ...be32(13),
    ...ascii('IHDR'),
    ...be32(width),
    ...be32(height),
    8,
    2,
    0,
    0,
    0,
  ]);
}

export function gifHeader(width: number, height: number): Uint8Array {
  return Uint8Array.from([...ascii('GIF89a'), ...le16(width), ...le16(height), 0, 0, 0]);
}

export function bmpHeader(width: number, height: number, headerSize: 12 | 40 = 40): Uint8Array {
  const size = headerSize === 12 ? [...le16(width), ...le16(height)] : [...le32(width), ...le32(height)];
  return Uint8Array.from([
    ...ascii('BM'),
    ...le32(1000),
    0,
    0,
    0,
    0,
    ...le32(54),
    ...le32(headerSize),
    ...size,
    1,
    0,
    24,
    0,
  ]);
}

export function webpHeader(kind: 'VP8 ' | 'VP8L' | 'VP8X', width: number, height: number): Uint8Array {
  const start = [...ascii('RIFF'), ...le32(100), ...ascii('WEBP'), ...ascii(kind), ...le32(20)];
  if (kind === 'VP8 ') return Uint8Array.from([...start, 0, 0, 0, 0x9d, 0x01, 0x2a, ...le16(width), ...le16(height)]);
  if (kind === 'VP8L') return Uint8Array.from([...start, 0x2f, ...le32((width - 1) | ((height - 1) << 14))]);
  return Uint8Array.from([...start, 0, 0, 0, 0, ...le24(width - 1), ...le24(height - 1)]);
}

/** With an EXIF segment when an orientation is given, and `padding` bytes of comment before the size. */
export function jpegHeader(
  width: number,
  height: number,
  options: { orientation?: number; order?: 'II' | 'MM'; padding?: number; frame?: number } = {},
): Uint8Array {
  const { orientation, order = 'MM', padding = 0, frame = 0xc0 } = options;
  const word = order === 'MM' ? be16 : le16;
  const long = order === 'MM' ? be32 : le32;
  const tag = [...word(0x0112), ...word(3), ...long(1), ...word(orientation ?? 0), 0, 0];
  const other = [...word(0x010f), ...word(2), ...long(1), 0, 0, 0, 0];
  const exif = [
    ...ascii('Exif\0\0'),
    ...ascii(order),
    ...word(42),
    ...long(8),
    ...word(2),
    ...other,
    ...tag,
    ...long(0),
  ];
  const app1 = orientation === undefined ? [] : [0xff, 0xe1, ...be16(exif.length + 2), ...exif];
  const comment = padding === 0 ? [] : [0xff, 0xfe, ...be16(padding + 2), ...new Array<number>(padding).fill(0xff)];
  const table = [0xff, 0xc4, ...be16(4), 0, 0]; // looks like a start of frame, is not one
  return Uint8Array.from([
    0xff,
    0xd8,
    ...app1,
    ...comment,
    ...table,
    0xff,
    0xff,
    frame,
    ...be16(17),
    8,
    ...be16(height),
    ...be16(width),
    3,
  ]);
}

function box(name: string, ...content: readonly number[][]): number[] {
  const inside = content.flat();
  return [...be32(8 + inside.length), ...ascii(name), ...inside];
}

/** A tile's size first, then the whole's, as in a picture of tiles. */
export function avifHeader(width: number, height: number): Uint8Array {
  const full = [0, 0, 0, 0];
  const tile = box('ispe', full, be32(16), be32(16));
  const whole = box('ispe', full, be32(width), be32(height));
  const meta = box('meta', full, box('hdlr', full, ascii('pict')), box('iprp', box('ipco', tile, whole)));
  return Uint8Array.from([
    ...box('ftyp', ascii('avif'), be32(0), ascii('mif1miaf')),
    ...meta,
    ...box('mdat', [1, 2, 3]),
  ]);
}

export const text = (content: string): Uint8Array => new TextEncoder().encode(content);
