import { describe, expect, it } from 'vitest';
import { compareAll } from '@/scripts/bench/agreement';
import { imagesFor, loadBenchModel, macsOf } from '@/scripts/bench/bench-models';
import { describeReport } from '@/scripts/bench/describe';
import { readBenchRequest } from '@/scripts/bench/read-bench-request';
import { MAX_TURNS, MIN_TURNS, planTurns, takesPart } from '@/scripts/bench/rounds';
import type { ContestantResult } from '@/scripts/bench/run-contests';

const none = (): Promise<never> => Promise.reject(new Error('no file is needed'));

describe('npm run bench takes turns', () => {
  it('with the reference in every round, and a slow contestant in at least a few', () => {
    const [packed, fast, slow, slowest] = planTurns([10, 1, 400, 9000], 2);
    expect(packed).toBe(MAX_TURNS);
    expect(fast).toBe(MAX_TURNS);
    expect(slow).toBe(5);
    expect(slowest).toBe(MIN_TURNS);
  });

  it('spread evenly over the rounds', () => {
    for (const turns of [3, 7, 41]) {
      const played = Array.from({ length: 41 }, (_, round) => takesPart(turns, round, 41));
      expect(played.filter(Boolean)).toHaveLength(turns);
    }
    expect([0, 1, 2, 3, 4, 5].filter((round) => takesPart(2, round, 6))).toEqual([2, 5]);
  });
});

describe('npm run bench reads', () => {
  const ask = (line: string) => readBenchRequest(line.split(' ').filter((word) => word !== ''));

  it('models, batches and runtimes', () => {
    expect(ask('').contests).toMatchObject({
      models: ['deit_tiny', 'family', 'deit_small', 'swin_tiny'],
      batches: [1, 8],
    });
    expect(ask('--models family --batches 2 --only chromium --slow')).toMatchObject({
      runtimes: ['chromium'],
      contests: { models: ['family'], batches: [2], slowMs: Infinity },
    });
    expect(ask('--onnx a.onnx')).toMatchObject({
      onnx: 'a.onnx',
      contests: { models: ['deit_tiny'], foreignOnnx: true },
    });
  });

  it.each([
    ['--models vit', /no model "vit"; the known ones are deit_tiny/],
    ['--only deno', /no runtime "deno"; the known ones are node, chromium/],
    ['--batches 0', /--batches: "0" is not a whole number above 0/],
    ['--onnx a.onnx --models deit_tiny,family', /--onnx goes with one model/],
  ])('and answers "%s" with a sentence', (line, sentence) => {
    expect(() => ask(line)).toThrow(sentence);
  });
});

describe('npm run bench compares', () => {
  const answer = (id: 'packed' | 'float-binary' | 'tfjs-wasm' | 'ort-web', ...logits: number[]) => ({
    id,
    logits: Float32Array.from(logits),
  });

  it('contestants that compute the same, and measures how far apart they are', () => {
    const answers = [
      answer('packed', 1, 2, 3, 1),
      answer('float-binary', 1, 2, 3, 4),
      answer('tfjs-wasm', 0, 1, 2, 0),
      answer('ort-web', 0, 1, 2.5, 0),
    ];
    expect(compareAll(answers, 2, false)).toEqual([
      { a: 'float-binary', b: 'packed', images: 2, sameClass: 1, largestDifference: 3, largestLogit: 4 },
      { a: 'tfjs-wasm', b: 'ort-web', images: 2, sameClass: 2, largestDifference: 0.5, largestLogit: 2 },
    ]);
    expect(compareAll(answers, 2, true).map(({ b }) => b)).toEqual(['packed']);
  });

  it('one model in full precision and binary, on the same images', async () => {
    const { fullPrecision, binary } = await loadBenchModel('deit_tiny', none);
    expect(macsOf(fullPrecision) / 1e6).toBeCloseTo(1253.7, 1);
    expect(fullPrecision.config).toEqual({ ...binary.config, quantization: 'none' });
    expect(binary.tensors.get('blocks.0.attn.qkv.weight_bits')?.shape).toEqual([576, 24]);
    expect(binary.tensors.has('blocks.0.attn.qkv.weight')).toBe(false);
    expect(imagesFor(fullPrecision, 8).subarray(0, 100)).toEqual(imagesFor(fullPrecision, 1).subarray(0, 100));
  });
});

it('npm run bench compares with what runs in Node only, and prints each reason once', () => {
  const result = (id: 'packed' | 'ort-node' | 'tfjs-webgl', ms: number | null): ContestantResult => ({
    id,
    name: id,
    bytes: 1e6,
    ms: [ms],
    quartiles: ms === null ? null : [ms, ms, ms],
    gigaMacsPerSecond: 1,
    overPacked: ms === null ? null : [ms / 10, ms / 10, ms / 10],
    absent: ms === null ? 'No card.' : null,
  });
  const contest = (...contestants: readonly ContestantResult[]) => ({
    model: 'deit_tiny' as const,
    batch: 1,
    macsPerImage: 1e9,
    weights: 'made up',
    inputSha256: 'ab'.repeat(32),
    contestants,
    agreement: [],
    stages: [{ stage: 'qkv', ms: 3 }],
  });
  const kernels = { kind: 'fast', file: 'kernels.wasm' } as const;
  const lines = describeReport({
    date: '2026-01-02T03:04:05Z',
    machine: { cpu: 'abacus', cores: 2, load: [0, 1] },
    settings: { threads: 'one' },
    onnx: {},
    runtimes: [
      { runtime: 'Node', kernels, contests: [contest(result('packed', 10), result('ort-node', 30))] },
      {
        runtime: 'Chromium',
        kernels,
        contests: [contest(result('packed', 20), result('tfjs-webgl', null)), contest(result('packed', 20))],
      },
    ],
  });
  expect(lines[0]).toBe('2026-01-02; abacus, 2 cores, load 0.0 to 1.0');
  expect(lines.filter((line) => line === 'not run: tfjs-webgl: No card.')).toHaveLength(1);
  const ratios = lines.filter((line) => line.startsWith('| DeiT-Tiny'));
  expect(ratios[0]).toContain('3.00x (3.00 to 3.00)');
  expect(ratios[1]).toContain('1.50x, that in Node');
});
