import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scaledWidth, type DecodedImage } from '@/lib/images/decode';
import { ImageError } from '@/lib/images/image-error';
import type { RasterImage } from '@/lib/images/raster';
import { decodeInNode } from '@/scripts/node-images';
import { openSourcePage, serveElsewhere, type SourcePage } from '@/tests/lib/images/support/browser';
import { makePicture } from '@/tests/lib/images/support/pictures';
import { pngHeader, text } from '@/tests/lib/images/support/headers';

/** What comes back over the wire from the page: typed arrays travel as base64. */
type Answer =
  | {
      readonly kind: 'decoded';
      readonly details: Omit<DecodedImage, 'image'>;
      readonly width: number;
      readonly height: number;
      readonly pixels: string;
    }
  | { readonly kind: 'failed'; readonly error: string; readonly sentence: string };

interface Request {
  readonly file?: string;
  readonly address?: string;
  readonly maxPixels?: number;
  readonly abort?: boolean;
}

/** `null` where the browser did not start: that failure is the one to report. */
let opened: SourcePage | null = null;
beforeAll(async () => {
  opened = await openSourcePage();
});
afterAll(async () => {
  await opened?.close();
});

function page(): SourcePage['page'] {
  if (opened === null) throw new Error('The browser did not start.');
  return opened.page;
}

/** Runs the real decoder in the real browser. */
function decode(request: Request): Promise<Answer> {
  return page().evaluate(async ({ file, address, maxPixels, abort }): Promise<Answer> => {
    const options = {
      ...(maxPixels === undefined ? {} : { maxPixels }),
      ...(abort ? { signal: AbortSignal.abort() } : {}),
    };
    try {
      const blob =
        file === undefined
          ? null
          : new Blob([Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0))], { type: 'image/png' });
      const { image, ...details } =
        blob === null
          ? await lensDecoder.decodeAddress(address ?? '', options)
          : await lensDecoder.decodeBlob(blob, options);
      const letters = Array.from(image.data, (value) => String.fromCharCode(value)).join('');
      return { kind: 'decoded', details, width: image.width, height: image.height, pixels: btoa(letters) };
    } catch (error) {
      if (!(error instanceof Error) || !('kind' in error) || !('sentence' in error)) throw error;
      return { kind: 'failed', error: String(error.kind), sentence: String(error.sentence) };
    }
  }, request);
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

async function decodeFile(file: Uint8Array, options: Omit<Request, 'file'> = {}) {
  const answer = await decode({ file: base64(file), ...options });
  if (answer.kind === 'failed') throw new Error(answer.sentence);
  return {
    details: answer.details,
    image: {
      width: answer.width,
      height: answer.height,
      data: new Uint8ClampedArray(Buffer.from(answer.pixels, 'base64')),
    },
  };
}

function largestDifference(a: RasterImage, b: RasterImage): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.data[i] ?? -999))), 0);
}

const picture = makePicture(77, 48, 32, true);
const encoder = () =>
  sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 4 } }).removeAlpha();

describe('decoding in the browser', () => {
  it('gives the pixels of a PNG exactly, though its MIME type is believed by nobody', async () => {
    const { image, details } = await decodeFile(await encoder().png().toBuffer());
    expect(largestDifference(image, picture)).toBe(0);
    expect(details).toEqual({
      format: 'png',
      sourceWidth: 48,
      sourceHeight: 32,
      scaledDown: false,
      hadTransparency: false,
    });
  });

  it.each([
    ['jpeg', () => encoder().jpeg({ quality: 90 })],
    ['webp', () => encoder().webp({ lossless: true })],
    ['gif', () => encoder().gif()],
  ] as const)('agrees with the decoder that Node uses: %s', async (format, encode) => {
    const file = await encode().toBuffer();
    const { image, details } = await decodeFile(file);
    expect(details.format).toBe(format);
    expect(largestDifference(image, await decodeInNode(file))).toBeLessThanOrEqual(2);
  });

  it('reads AVIF', async () => {
    const { image, details } = await decodeFile(await encoder().avif({ quality: 90 }).toBuffer());
    expect(details.format).toBe('avif');
    expect([image.width, image.height]).toEqual([48, 32]);
  });

  it('turns a photo upright', async () => {
    const file = await encoder().jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer();
    const { image, details } = await decodeFile(file);
    expect([image.width, image.height, details.sourceWidth, details.sourceHeight]).toEqual([32, 48, 32, 48]);
    expect(largestDifference(image, await decodeInNode(file))).toBeLessThanOrEqual(2);
  });

  it('turns a photo upright also while it scales it down', async () => {
    const file = await encoder().jpeg().withMetadata({ orientation: 8 }).toBuffer();
    const { image, details } = await decodeFile(file, { maxPixels: 24 * 16 });
    expect([image.width, image.height]).toEqual([16, 24]);
    expect(details).toMatchObject({ sourceWidth: 32, sourceHeight: 48, scaledDown: true });
  });

  it('lays transparency over white and says so', async () => {
    const clear = { ...picture, data: picture.data.map((value, i) => (i % 4 === 3 ? (i * 7) % 256 : value)) };
    const file = await sharp(clear.data, { raw: { width: 48, height: 32, channels: 4 } })
      .png()
      .toBuffer();
    const { image, details } = await decodeFile(file);
    expect(details.hadTransparency).toBe(true);
    expect(largestDifference(image, await decodeInNode(file))).toBeLessThanOrEqual(2);
  });

  it('ignores an embedded colour profile, as the training of the models did', async () => {
    const file = await encoder().png().withIccProfile('p3', { attach: true }).toBuffer();
    const { image } = await decodeFile(file);
    expect(largestDifference(image, await decodeInNode(file))).toBe(0);
  });

  it('scales a large picture down while decoding', async () => {
    const file = await encoder().png().toBuffer();
    const { image, details } = await decodeFile(file, { maxPixels: 400 });
    expect(image.width * image.height).toBeLessThanOrEqual(400);
    expect(image.width / image.height).toBeCloseTo(1.5, 0);
    expect(details).toMatchObject({ sourceWidth: 48, sourceHeight: 32, scaledDown: true });
  });

  it.each([
    ['text', text('I am text in a file called picture.png'), 'not-an-image'],
    ['an empty file', new Uint8Array(0), 'empty'],
    ['a header alone', pngHeader(20, 20), 'damaged'],
    ['a picture of 10 gigapixels', pngHeader(100_000, 100_000), 'too-large'],
  ])('refuses %s in words', async (_, file, kind) => {
    const answer = await decode({ file: base64(file) });
    expect(answer).toMatchObject({ kind: 'failed', error: kind });
    if (answer.kind === 'failed') expect(answer.sentence).toMatch(/(Choose|Use|Save).*\.$/);
  });

  it('finds the size behind more metadata than it reads at first', async () => {
    const file = await encoder().jpeg().toBuffer();
    const comment = Buffer.concat([Buffer.of(0xff, 0xfe, 0xff, 0xff), Buffer.alloc(65_533)]);
    const padded = Buffer.concat([file.subarray(0, 2), ...new Array<Buffer>(5).fill(comment), file.subarray(2)]);
    const { image, details } = await decodeFile(padded);
    expect(details).toMatchObject({ format: 'jpeg', sourceWidth: 48, sourceHeight: 32 });
    expect(largestDifference(image, await decodeInNode(file))).toBeLessThanOrEqual(2);
  });

  it('can be cancelled', async () => {
    const file = base64(await encoder().png().toBuffer());
    expect(await decode({ file, abort: true })).toMatchObject({ kind: 'failed', error: 'cancelled' });
  });
});

describe('decoding from an address', () => {
  it('works where the server permits it, and names CORS where it does not', async () => {
    const file = await encoder().png().toBuffer();
    const { address, server } = await serveElsewhere((request, response) => {
      if (request.url === '/open.png') response.setHeader('access-control-allow-origin', '*');
      response.setHeader('content-type', 'image/png').end(file);
    });
    try {
      expect(await decode({ address: `${address}open.png` })).toMatchObject({ kind: 'decoded', width: 48, height: 32 });
      const refused = await decode({ address: `${address}closed.png` });
      expect(refused).toMatchObject({ kind: 'failed', error: 'blocked' });
      if (refused.kind === 'failed') expect(refused.sentence).toContain('CORS');
    } finally {
      server.close();
    }
  });
});

describe('a canvas', () => {
  it('is read as it is drawn, from the page or offscreen', async () => {
    const corners = await page().evaluate(() => {
      const read = (canvas: HTMLCanvasElement | OffscreenCanvas): number[] => {
        const context = canvas.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
        context.fillStyle = 'rgb(10, 20, 30)';
        context.fillRect(0, 0, 1, 2);
        return Array.from(lensDecoder.decodeDrawable(canvas).image.data);
      };
      const source = Object.assign(document.createElement('canvas'), { width: 2, height: 2 });
      return [read(source), read(new OffscreenCanvas(2, 2))];
    });
    const expected = [10, 20, 30, 255, 255, 255, 255, 255, 10, 20, 30, 255, 255, 255, 255, 255];
    expect(corners).toEqual([expected, expected]);
  });

  it('of no size, as a video before its first frame, is refused', async () => {
    const kind = await page().evaluate(() => {
      try {
        lensDecoder.decodeDrawable(document.createElement('video'));
        return 'nothing';
      } catch (error) {
        return error instanceof Error && 'kind' in error ? String(error.kind) : 'another';
      }
    });
    expect(kind).toBe('bad-size');
  });
});

describe('the width of a picture that is scaled down', () => {
  it('keeps the number of pixels below the limit', () => {
    expect(scaledWidth(4000, 3000, 2 ** 24)).toBe(4000);
    expect(scaledWidth(10_000, 10_000, 2 ** 24)).toBe(4096);
    expect(scaledWidth(20_000, 2, 10)).toBe(316);
    expect(() => scaledWidth(100_000, 100_000, 2 ** 24)).toThrow(ImageError);
  });
});
