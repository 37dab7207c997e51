import { damaged, type ByteReader } from '@/lib/images/byte-reader';

/** EXIF orientation: 1 upright; 2-4 mirrored or upside down; 5-8 turned by a quarter, so that width and height change places. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const APP1 = 0xe1;
const TAG_ORIENTATION = 0x0112;
/** An EXIF directory has a few dozen entries; a damaged one may claim 65,535. */
const MAX_TAGS = 512;

/** Markers that stand alone, without a length: TEM and the restart markers. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/** Start of frame: C0 to CF, but for the tables C4 (Huffman), C8 (reserved) and CC (arithmetic coding). */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Size and EXIF orientation of a JPEG: walks the segments (FF, marker, 16-bit length) up to the first start of frame.
 * Every step moves forward by two bytes at least, so the walk ends. Throws ImageError (`damaged`).
 * Source: ITU-T T.81 annex B; Exif 2.3 for the APP1 segment.
 */
export function readJpegSize(reader: ByteReader): {
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
} {
  let orientation: Orientation = 1;
  let at = 2;
  for (;;) {
    if (reader.u8(at) !== 0xff) throw damaged('Its segments do not follow one another.');
    while (reader.u8(at + 1) === 0xff) at += 1; // fill bytes
    const marker = reader.u8(at + 1);
    if (standsAlone(marker)) {
      at += 2;
      continue;
    }
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE) throw damaged('Its header does not say how large it is.');
    const length = reader.u16(at + 2);
    if (length < 2) throw damaged('One of its segments has an impossible length.');
    if (isStartOfFrame(marker)) return { width: reader.u16(at + 7), height: reader.u16(at + 5), orientation };
    if (marker === APP1 && reader.text(at + 4, 6) === 'Exif\0\0') {
      orientation = readOrientation(reader, at + 10, at + 2 + length) ?? orientation;
    }
    at += 2 + length;
  }
}

/** Orientation in the TIFF directory at `start`, null where it is missing or senseless: wrong metadata must not cost the person the picture. */
function readOrientation(reader: ByteReader, start: number, end: number): Orientation | null {
  if (end > reader.length || start + 8 > end) return null;
  const order = reader.text(start, 2);
  if (order !== 'II' && order !== 'MM') return null;
  const littleEndian = order === 'II';
  const directory = start + reader.u32(start + 4, littleEndian);
  if (directory + 2 > end) return null;
  const tags = Math.min(reader.u16(directory, littleEndian), MAX_TAGS);
  for (let i = 0; i < tags; i += 1) {
    const tag = directory + 2 + 12 * i;
    if (tag + 12 > end) return null;
    if (reader.u16(tag, littleEndian) === TAG_ORIENTATION) return asOrientation(reader.u16(tag + 8, littleEndian));
  }
  return null;
}

function asOrientation(value: number): Orientation | null {
  const known: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];
  return known.find((orientation) => orientation === value) ?? null;
}
