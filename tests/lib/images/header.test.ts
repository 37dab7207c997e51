import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displaySize, readImageHeader, type ImageHeader } from '@/lib/images/header';
import { ImageError } from '@/lib/images/image-error';
import * as headers from '@/tests/lib/images/support/headers';

const upright = (format: ImageHeader['format'], width: number, height: number): ImageHeader => ({
  format,
  width,
  height,
  orientation: 1,
});

function errorOf(bytes: Uint8Array): ImageError {
  try {
    readImageHeader(bytes);
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the size in a header', () => {
  it('is read from every format', () => {
    expect(readImageHeader(headers.pngHeader(640, 70_000))).toEqual(upright('png', 640, 70_000));
    expect(readImageHeader(headers.gifHeader(3, 500))).toEqual(upright('gif', 3, 500));
    expect(readImageHeader(headers.bmpHeader(12, 34))).toEqual(upright('bmp', 12, 34));
    expect(readImageHeader(headers.bmpHeader(12, 34, 12))).toEqual(upright('bmp', 12, 34));
    expect(readImageHeader(headers.webpHeader('VP8 ', 300, 200))).toEqual(upright('webp', 300, 200));
    expect(readImageHeader(headers.webpHeader('VP8L', 16_384, 9))).toEqual(upright('webp', 16_384, 9));
    expect(readImageHeader(headers.webpHeader('VP8X', 16_777_216, 1))).toEqual(upright('webp', 16_777_216, 1));
    expect(readImageHeader(headers.jpegHeader(4000, 3000))).toEqual(upright('jpeg', 4000, 3000));
    expect(readImageHeader(headers.avifHeader(1920, 1080))).toEqual(upright('avif', 1920, 1080));
  });

  it('of a bitmap stored from the top is positive', () => {
    expect(readImageHeader(headers.bmpHeader(12, -34))).toEqual(upright('bmp', 12, 34));
  });

  it('is found in a JPEG behind tables, comments and fill bytes, for progressive files too', () => {
    expect(readImageHeader(headers.jpegHeader(10, 20, { padding: 60_000, frame: 0xc2 }))).toEqual(
      upright('jpeg', 10, 20),
    );
  });

  it('changes places for a photo turned by a quarter, in both byte orders', () => {
    for (const order of ['II', 'MM'] as const) {
      for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
        const header = readImageHeader(headers.jpegHeader(40, 30, { orientation, order }));
        expect(header).toEqual({ format: 'jpeg', width: 40, height: 30, orientation });
        expect(displaySize(header)).toEqual(orientation >= 5 ? { width: 30, height: 40 } : { width: 40, height: 30 });
      }
    }
  });

  it('survives a senseless orientation', () => {
    expect(readImageHeader(headers.jpegHeader(40, 30, { orientation: 9 })).orientation).toBe(1);
    expect(readImageHeader(headers.jpegHeader(40, 30, { orientation: 0 })).orientation).toBe(1);
  });
});

describe('a file that is no usable image', () => {
  it.each([
    ['text', headers.text('hello, I am not a picture'), 'not-an-image', 'a text file'],
    ['text with umlauts', headers.text('Grüße aus Köln'), 'not-an-image', 'a text file'],
    ['text that begins with BM', headers.text('BMW and other cars in a list'), 'not-an-image', 'a text file'],
    ['a web page', headers.text('\n<!DOCTYPE html><html>'), 'not-an-image', 'a web page'],
    ['a PDF', headers.text('%PDF-1.7\n'), 'not-an-image', 'a PDF document'],
    ['a ZIP', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), 'not-an-image', 'a ZIP archive'],
    ['a video', headers.text('\0\0\0\u0018ftypmp42\0\0\0\0mp42isom'), 'not-an-image', 'a video'],
    ['an SVG', headers.text('<?xml version="1.0"?><svg xmlns='), 'unsupported-format', 'an SVG drawing'],
    ['a HEIC', headers.text('\0\0\0\u0018ftypheic\0\0\0\0mif1heic'), 'unsupported-format', 'a HEIC photo'],
    ['a TIFF', headers.text('II*\0\u0008\0\0\0'), 'unsupported-format', 'a TIFF image'],
    ['random bytes', Uint8Array.of(1, 2, 3, 4, 250, 0, 7), 'not-an-image', 'first bytes'],
    ['nothing', new Uint8Array(0), 'empty', 'empty'],
  ])('is named: %s', (_, bytes, kind, words) => {
    const error = errorOf(bytes);
    expect(error.kind).toBe(kind);
    expect(error.sentence).toContain(words);
    expect(error.sentence).toMatch(/(Choose|Save|Use) .*\.$/);
  });

  it.each([
    ['PNG', headers.pngHeader(5, 6), 8, 24],
    ['GIF', headers.gifHeader(5, 6), 6, 10],
    ['BMP', headers.bmpHeader(5, 6), 10, 26],
    ['WebP', headers.webpHeader('VP8X', 5, 6), 12, 30],
    ['JPEG', headers.jpegHeader(5, 6, { orientation: 6 }), 3, headers.jpegHeader(5, 6, { orientation: 6 }).length - 1],
  ])('is damaged when it ends between its signature and its size: %s', (_, whole, signature, needed) => {
    expect(readImageHeader(whole.subarray(0, needed)).width).toBe(5);
    for (let length = signature; length < needed; length += 1) {
      expect(errorOf(whole.subarray(0, length)).kind).toBe('damaged');
    }
  });

  it('is damaged without pixels', () => {
    expect(errorOf(headers.pngHeader(0, 6)).kind).toBe('damaged');
    expect(errorOf(headers.gifHeader(5, 0)).kind).toBe('damaged');
    expect(errorOf(headers.bmpHeader(-5, 6)).kind).toBe('damaged');
    const nameless = headers
      .avifHeader(8, 8)
      .map((byte, i, all) => (all[i - 1] === 0x69 && byte === 0x73 ? 0x53 : byte)); // ispe -> iSpe
    expect(errorOf(nameless).kind).toBe('damaged');
  });
});

describe('header reading under attack', () => {
  const beginnings = [
    headers.pngHeader(7, 9),
    headers.gifHeader(7, 9),
    headers.bmpHeader(7, 9),
    headers.webpHeader('VP8 ', 7, 9),
    headers.webpHeader('VP8L', 7, 9),
    headers.webpHeader('VP8X', 7, 9),
    headers.jpegHeader(7, 9, { orientation: 6, padding: 20 }),
    headers.avifHeader(7, 9),
  ];

  function holds(bytes: Uint8Array): void {
    try {
      const header = readImageHeader(bytes);
      expect(Number.isSafeInteger(header.width) && header.width > 0).toBe(true);
      expect(Number.isSafeInteger(header.height) && header.height > 0).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(ImageError);
    }
  }

  it('ends, with a size or an ImageError, on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), holds), { numRuns: 2000 });
  });

  it('ends on any bytes behind a good signature', () => {
    const prefix = fc.tuple(fc.constantFrom(...beginnings), fc.nat(60), fc.uint8Array({ maxLength: 300 }));
    fc.assert(
      fc.property(prefix, ([good, kept, rest]) => holds(Uint8Array.from([...good.subarray(0, kept), ...rest]))),
      { numRuns: 3000 },
    );
  });

  it('ends on a good header with a few bytes changed and its end cut off', () => {
    const change = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), change, fc.nat(250), (good, changes, length) => {
        const bytes = Uint8Array.from(good);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        holds(bytes.subarray(0, length));
      }),
      { numRuns: 5000 },
    );
  });

  it('reads the same from a view into a larger buffer', () => {
    const good = headers.jpegHeader(7, 9, { orientation: 6 });
    const larger = new Uint8Array(good.length + 50).fill(0xaa);
    larger.set(good, 13);
    expect(readImageHeader(larger.subarray(13, 13 + good.length))).toEqual(readImageHeader(good));
  });
});
