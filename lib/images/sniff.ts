import { ImageError } from '@/lib/images/image-error';

/** The formats that browsers decode and this app accepts. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'bmp' | 'avif';

const ACCEPTED = 'PNG, JPEG, WebP, GIF, BMP or AVIF';

/** How many bytes `sniffFormat` reads. */
const SNIFFED_BYTES = 64;

/** Brands of an ISO base media file (bytes 4-8 `ftyp`). */
const AVIF_BRANDS: readonly string[] = ['avif', 'avis'];
const HEIC_BRANDS: readonly string[] = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'];

/** How other files begin, so that the message can say what the file is instead. */
const OTHER_IMAGES: readonly (readonly [beginning: RegExp, name: string])[] = [
  [/^(II\*\0|MM\0\*)/, 'a TIFF image'],
  [/^8BPS/, 'a Photoshop document'],
  [/^\0\0\x01\0/, 'an icon file'],
  [/^(\xff\x0a|\0\0\0\x0cJXL )/, 'a JPEG XL image'],
  [/^\0\0\0\x0cjP {2}/, 'a JPEG 2000 image'],
  [/^\s*(<\?xml[\s\S]*)?<svg/i, 'an SVG drawing'],
];
const OTHER_FILES: readonly (readonly [beginning: RegExp, name: string])[] = [
  [/^%PDF/, 'a PDF document'],
  [/^PK\x03\x04/, 'a ZIP archive or an office document'],
  [/^\x93NUMPY/, 'a NumPy array'],
  [/^\x1f\x8b/, 'a gzip archive'],
  [/^\s*<(!doctype|html|head|body)/i, 'a web page'],
  [/^[\t\n\r\x20-\x7e\x80-\xff]+$/, 'a text file'],
];

/**
 * The format a file really has, by its first bytes; file names and MIME types are not trusted.
 * Throws ImageError: `empty`; `unsupported-format` for an image that browsers cannot decode; `not-an-image` for everything else, named where possible.
 */
export function sniffFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new ImageError('empty', 'This file is empty. Choose another one.');
  const head = String.fromCharCode(...bytes.subarray(0, SNIFFED_BYTES));
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (/^GIF8[79]a/.test(head)) return 'gif';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp';
  if (head.slice(4, 8) === 'ftyp') return sniffBaseMedia(head);
  // "BM" alone would match any text that begins so: bytes 6-9 are reserved and zero in every bitmap.
  if (head.startsWith('BM') && head.slice(6, 10) === '\0\0\0\0') return 'bmp';
  const nameIn = (known: typeof OTHER_FILES) => known.find(([beginning]) => beginning.test(head))?.[1];
  const image = nameIn(OTHER_IMAGES);
  throw image === undefined ? notAnImage(nameIn(OTHER_FILES)) : unsupported(image);
}

function sniffBaseMedia(head: string): ImageFormat {
  const brands = [head.slice(8, 12), ...(head.slice(16).match(/[\s\S]{4}/g) ?? [])];
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return 'avif';
  if (brands.some((brand) => HEIC_BRANDS.includes(brand)))
    throw unsupported('a HEIC photo, which browsers cannot show');
  throw notAnImage('a video or another media file');
}

function notAnImage(name: string | undefined): ImageError {
  const what =
    name === undefined
      ? 'This file is not an image, whatever its name says: its first bytes belong to no known format'
      : `This is ${name}, not an image, whatever its name says`;
  return new ImageError('not-an-image', `${what}. Choose a ${ACCEPTED} file.`);
}

function unsupported(name: string): ImageError {
  return new ImageError('unsupported-format', `This is ${name}. Save it as ${ACCEPTED} and try again.`);
}
