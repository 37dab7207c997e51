import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PhotoPreprocessing } from '@/lib/images/preprocessing';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { greyImage, greySample, sampleSource } from '@/state/sample-sources';

const decoded = vi.hoisted(() => vi.fn<(grey: number) => void>());

// A grey of its own for each photograph: its file holds the one byte.
vi.mock('@/lib/images/decode', () => ({
  decodeBlob: async (blob: Blob) => {
    const grey = new Uint8Array(await blob.arrayBuffer())[0] ?? 0;
    decoded(grey);
    const data = Uint8ClampedArray.from({ length: 48 * 40 * 4 }, (_, i) => (i % 4 === 3 ? 255 : grey));
    return { image: { width: 48, height: 40, data } };
  },
}));
beforeEach(() => decoded.mockClear());

function idx(magic: number, shape: readonly number[], data: readonly number[]): Response {
  const file = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(file.buffer);
  [magic, ...shape].forEach((value, i) => view.setUint32(4 * i, value));
  file.set(data, 4 + 4 * shape.length);
  return new Response(file);
}

const PHOTO: PhotoPreprocessing = {
  kind: 'photo',
  imageSize: 32,
  channels: 3,
  resize: 40,
  interpolation: 'bicubic',
  source: 'config.json',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

describe('a grey sample', () => {
  const sample = greySample({ index: 7, label: 3, bytes: new Uint8Array(784).fill(51) }, ['a', 'b', 'c', 'dress'], 28);

  it('is named by its position, and titled by its class', () => {
    expect(sample).toMatchObject({ key: 'sample-7', title: 'dress, sample 7', classIndex: 3, credit: null });
  });

  it('is shown as it is, and as numbers from 0 to 1', () => {
    const { key, bytes, pixels } = greyImage(sample);
    expect([key, bytes[0], pixels[0]]).toEqual(['sample-7', 51, Math.fround(0.2)]);
  });

  it('has no pixels when its picture is elsewhere', () => {
    expect(() => greyImage({ ...sample, thumbnail: { kind: 'url', url: '/a.jpg' } })).toThrow(/no pixels/);
  });
});

describe('the samples beside an embedded family’s weights', () => {
  it('are read from its own folder, with their classes', async () => {
    const fetched: string[] = [];
    const { list } = sampleSource(DEFAULT_FAMILY, {
      basePath: '/sub',
      fetch: async (url) => {
        fetched.push(url);
        return url.includes('images') ? idx(0x803, [2, 28, 28], Array(1568).fill(5)) : idx(0x801, [2], [9, 0]);
      },
    });
    const samples = await list();
    expect(samples.map(({ key, classIndex }) => [key, classIndex])).toEqual([
      ['sample-0', 9],
      ['sample-1', 0],
    ]);
    expect(fetched.every((url) => url.startsWith(`/sub/models/${DEFAULT_FAMILY.id}/`))).toBe(true);
  });

  it('that arrived damaged are said to be, in a sentence', async () => {
    const { list } = sampleSource(DEFAULT_FAMILY, { basePath: '', fetch: async () => new Response('cut off') });
    await expect(list()).rejects.toMatchObject({ kind: 'network', sentence: expect.stringContaining('damaged') });
  });
});

describe('the photographs', () => {
  const family = { ...DEFAULT_FAMILY, samples: { kind: 'photographs' } } as const;
  const index = [10, 20].map((grey) => ({
    id: `grey-${grey}`,
    title: `Grey ${grey}`,
    file: `grey-${grey}.jpg`,
    width: 48,
    height: 40,
    licence: 'CC0-1.0',
    credit: 'nobody',
    source: 'https://example.org',
  }));
  const fetch = async (url: string): Promise<Response> =>
    url.endsWith('index.json')
      ? Response.json(index)
      : new Response(Uint8Array.of(Number(/grey-(\d+)/.exec(url)?.[1])));

  it('have no known class, and name their author and licence', async () => {
    const samples = await sampleSource(family, { basePath: '/sub', fetch }).list();
    expect(samples[1]).toEqual({
      key: 'photo-grey-20',
      title: 'Grey 20',
      classIndex: null,
      thumbnail: { kind: 'url', url: '/sub/photographs/grey-20.jpg' },
      credit: 'nobody, CC0-1.0',
    });
  });

  it('are shown as the family sees them, and decoded once', async () => {
    const source = sampleSource(family, { basePath: '', fetch });
    const [, sample] = await source.list();
    if (sample === undefined) throw new Error('there is no second photograph');
    const image = await source.image(sample, PHOTO);
    expect(image).toMatchObject({ kind: 'sample', key: 'photo-grey-20', sample });
    expect(image.bytes).toEqual(new Uint8Array(3 * 32 * 32).fill(20));
    const smaller = await source.image(sample, { ...PHOTO, imageSize: 16, channels: 1 });
    expect(smaller.bytes).toEqual(new Uint8Array(16 * 16).fill(20));
    expect(decoded).toHaveBeenCalledExactlyOnceWith(20);
  });
});
