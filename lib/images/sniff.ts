import { createByteReader } from '@/lib/images/byte-reader';
import { ImageError } from '@/lib/images/image-error';

/** The formats that browsers decode and this app accepts. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'bmp' | 'avif';

/** For a sentence such as "PNG, JPEG, WebP, GIF, BMP or AVIF". */
export const ACCEPTED_FORMATS_TEXT = 'PNG, JPEG, WebP, GIF, BMP or AVIF';

/** How many bytes `sniffFormat` looks at. */
const SNIFFED_BYTES = 64;

/** Brands of an ISO base media file (bytes 4-8 `ftyp`) that hold an AVIF picture or sequence. */
const AVIF_BRANDS: readonly string[] = ['avif', 'avis'];
const HEIC_BRANDS: readonly string[] = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'];

/** Beginnings of other kinds of file, so that the person reads what the file is and not only what it is not. */
const OTHER_BEGINNINGS: readonly (readonly [start: string, name: string, isImage: boolean])[] = [
  ['%PDF', 'a PDF document', false],
  ['PK\u0003\u0004', 'a ZIP archive or an office document', false],
  ['II*\0', 'a TIFF image', true],
  ['MM\0*', 'a TIFF image', true],
  ['8BPS', 'a Photoshop document', true],
  ['\0\0\u0001\0', 'an icon file', true],
  ['\u00ff\u000a', 'a JPEG XL image', true],
  ['\0\0\0\u000cJXL ', 'a JPEG XL image', true],
  ['\0\0\0\u000cjP  ', 'a JPEG 2000 image', true],
  ['\u0093NUMPY', 'a NumPy array', false],
  ['\u001f\u008b', 'a gzip archive', false],
];

/**
 * The format a file really has, by its first bytes; names and MIME types are not believed.
 * Throws ImageError: `empty`; `unsupported-format` for an image nobody decodes here; `not-an-image` for everything else, named where it can be.
 */
export function sniffFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new ImageError('empty', 'This file is empty. Choose another one.');
  const head = createByteReader(bytes).text(0, SNIFFED_BYTES);
  if (head.startsWith('\u0089PNG\r\n\u001a\n')) return 'png';
  if (head.startsWith('\u00ff\u00d8\u00ff')) return 'jpeg';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp';
  if (head.slice(4, 8) === 'ftyp') return sniffBaseMedia(head);
  // Two letters alone would take any text that begins with "BM": bytes 6-9 are reserved and zero in every bitmap.
  if (head.startsWith('BM') && head.slice(6, 10) === '\0\0\0\0') return 'bmp';
  throw unknownFormat(head);
}

function sniffBaseMedia(head: string): ImageFormat {
  const brands = [head.slice(8, 12), ...(head.slice(16).match(/[\s\S]{4}/g) ?? [])];
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return 'avif';
  if (brands.some((brand) => HEIC_BRANDS.includes(brand)))
    throw unsupported('a HEIC photo, which browsers cannot show');
  throw notAnImage('a video or another media file');
}

function unknownFormat(head: string): ImageError {
  for (const [start, name, isImage] of OTHER_BEGINNINGS) {
    if (head.startsWith(start)) return isImage ? unsupported(name) : notAnImage(name);
  }
  if (/^\s*(<\?xml[\s\S]*)?<svg/i.test(head)) return unsupported('an SVG drawing');
  if (/^\s*<(!doctype|html|head|body)/i.test(head)) return notAnImage('a web page');
  if (/^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(head)) return notAnImage('a text file');
  return new ImageError(
    'not-an-image',
    `This file is not an image, whatever its name says: its first bytes belong to no known format. Choose a ${ACCEPTED_FORMATS_TEXT} file.`,
  );
}

function notAnImage(name: string): ImageError {
  return new ImageError(
    'not-an-image',
    `This is ${name}, not an image, whatever its name says. Choose a ${ACCEPTED_FORMATS_TEXT} file.`,
  );
}

function unsupported(name: string): ImageError {
  return new ImageError('unsupported-format', `This is ${name}. Save it as ${ACCEPTED_FORMATS_TEXT} and try again.`);
}
