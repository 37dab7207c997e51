import { damaged } from '@/lib/images/image-error';

/** EXIF orientation: 1 upright; 2-4 mirrored or upside down; 5-8 turned by a quarter, which swaps width and height. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const APP1 = 0xe1;
const TAG_ORIENTATION = 0x0112;
/** An EXIF directory has a few dozen entries; a damaged one may claim 65,535. */
const MAX_TAGS = 512;

/** Markers without a length: TEM and the restart markers. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/** Start of frame: C0 to CF, except the tables C4 (Huffman), C8 (reserved) and CC (arithmetic coding). */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Size and EXIF orientation of a JPEG: walks the segments (FF, marker, 16-bit length) up to the first start of frame.
 * Every step moves forward by at least two bytes, so the walk ends. Throws ImageError (`damaged`), and RangeError beyond the end.
 * Source: ITU-T T.81 annex B; Exif 2.3 for the APP1 segment.
 */
export function readJpegSize(view: DataView): {
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
} {
  let orientation: Orientation = 1;
  let at = 2;
  for (;;) {
    if (view.getUint8(at) !== 0xff) throw damaged('Its segments do not follow one another.');
    while (view.getUint8(at + 1) === 0xff) at += 1; // fill bytes
    const marker = view.getUint8(at + 1);
    if (standsAlone(marker)) {
      at += 2;
      continue;
    }
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE) throw damaged('Its header does not give its size.');
    const length = view.getUint16(at + 2);
    if (length < 2) throw damaged('One of its segments has an impossible length.');
    if (isStartOfFrame(marker)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5), orientation };
    if (marker === APP1) orientation = readOrientation(view, at + 4, at + 2 + length) ?? orientation;
    at += 2 + length;
  }
}

/** Orientation in the APP1 segment from `start` to `end`; `null` where it is missing or impossible: wrong metadata must not make the photo unusable. */
function readOrientation(view: DataView, start: number, end: number): Orientation | null {
  const tiff = start + 6;
  if (end > view.byteLength || tiff + 8 > end) return null;
  if (view.getUint32(start) !== 0x45786966 || view.getUint16(start + 4) !== 0) return null; // "Exif\0\0"
  const order = view.getUint16(tiff);
  const littleEndian = order === 0x4949; // "II"
  if (!littleEndian && order !== 0x4d4d) return null; // "MM"
  const directory = tiff + view.getUint32(tiff + 4, littleEndian);
  if (directory + 2 > end) return null;
  const tags = Math.min(view.getUint16(directory, littleEndian), MAX_TAGS);
  for (let i = 0; i < tags; i += 1) {
    const tag = directory + 2 + 12 * i;
    if (tag + 12 > end) return null;
    if (view.getUint16(tag, littleEndian) !== TAG_ORIENTATION) continue;
    const value = view.getUint16(tag + 8, littleEndian);
    return value >= 1 && value <= 8 ? (value as Orientation) : null;
  }
  return null;
}
