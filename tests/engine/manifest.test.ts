import { describe, expect, it } from 'vitest';
import { toEngineError } from '@/engine/engine-error';
import { fetchManifest } from '@/engine/fetch-manifest';
import { parseManifest } from '@/models/families/manifest';
import { readMeasurements } from '@/models/families/measured-family';

const CONFIG = {
  architecture: 'deit',
  quantization: 'none',
  imageSize: 28,
  patchSize: 4,
  inChannels: 1,
  embedDim: 64,
  depth: 4,
  numHeads: 4,
  mlpRatio: 4,
  numClasses: 10,
  distilled: false,
  normEps: 1e-6,
};

const ENTRY = {
  id: 'teacher',
  label: 'Teacher',
  file: 'teacher.safetensors',
  bytes: 10,
  sha256: 'a'.repeat(64),
  config: CONFIG,
  testAccuracy: 0.9,
  meanTauB: null,
  constantRowShare: null,
};

const manifestOf = (change: object): string => JSON.stringify({ models: [{ ...ENTRY, ...change }] });

describe('the manifest', () => {
  it('gives the models; what the page does not need is left out', () => {
    const [model] = parseManifest(manifestOf({ epochs: 3, switches: null }));
    expect(model).toEqual(ENTRY);
  });

  it('gives the page what was measured, and nothing else', () => {
    const { id, testAccuracy, meanTauB, constantRowShare } = ENTRY;
    expect(readMeasurements(manifestOf({}))).toEqual([{ id, testAccuracy, meanTauB, constantRowShare }]);
    expect(readMeasurements(manifestOf({ meanTauB: -1, constantRowShare: 0.5 }))).toMatchObject([
      { meanTauB: -1, constantRowShare: 0.5 },
    ]);
  });

  it.each([
    '<!doctype html>',
    '[]',
    manifestOf({ testAccuracy: 1.1 }),
    manifestOf({ testAccuracy: '<b>' }),
    manifestOf({ meanTauB: 'high' }),
    manifestOf({ constantRowShare: undefined }),
  ])('gives no measurement that is none: %s', (text) => {
    expect(() => readMeasurements(text)).toThrow();
  });

  const broken: readonly (readonly [string, string])[] = [
    ['not JSON', '<!doctype html>'],
    ['something else', '[]'],
    ['of a model without a proper id', manifestOf({ id: '<b>' })],
    ['naming a file elsewhere', manifestOf({ file: '../../secret.safetensors' })],
    ['naming another host', manifestOf({ file: 'https://elsewhere/x.safetensors' })],
    ['without a digest', manifestOf({ sha256: '' })],
    ['of an impossible accuracy', manifestOf({ testAccuracy: 1.1 })],
  ];
  it.each(broken)('is refused when it is %s', async (_, text) => {
    const served = fetchManifest(async () => new Response(text), '', 'fashion-mnist', parseManifest);
    await expect(served).rejects.toMatchObject({ name: 'EngineError', kind: 'network' });
  });

  it('is fetched below the base path', async () => {
    const asked: string[] = [];
    const fetch = async (url: string): Promise<Response> => {
      asked.push(url);
      return new Response(manifestOf({}));
    };
    expect(await fetchManifest(fetch, '/sub', 'fashion-mnist', parseManifest)).toHaveLength(1);
    expect(asked).toEqual(['/sub/models/fashion-mnist/manifest.json']);
  });
});

describe('an engine error', () => {
  class Named extends Error {
    constructor(
      override readonly name: string,
      message: string,
    ) {
      super(message);
    }
  }

  it.each([
    [new Named('CheckpointError', 'The file is damaged.'), 'checkpoint', 'The file is damaged.'],
    [new Named('ConfigError', 'No such architecture.'), 'checkpoint', 'No such architecture.'],
    [new Named('ImageError', 'No picture.'), 'image', 'No picture.'],
    [{ kind: 'network', sentence: 'Offline.' }, 'network', 'Offline.'],
  ] as const)('keeps a sentence that was made for the visitor (%#)', (thrown, kind, sentence) => {
    expect(toEngineError(thrown).data).toEqual({ kind, sentence });
  });

  it.each([
    [new RangeError('Array buffer allocation failed'), 'out-of-memory'],
    [new Error('boom'), 'internal'],
    ['a string', 'internal'],
    [null, 'internal'],
    [{ kind: 'made up', sentence: 'x' }, 'internal'],
  ] as const)('makes a sentence of everything else (%#)', (thrown, kind) => {
    const { data } = toEngineError(thrown);
    expect(data.kind).toBe(kind);
    expect(data.sentence).toMatch(/^[A-Z].*\.$/);
  });

  it('stays what it is', () => {
    const error = toEngineError('x');
    expect(toEngineError(error)).toBe(error);
  });
});
