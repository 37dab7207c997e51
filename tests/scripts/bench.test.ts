import { describe, expect, it } from 'vitest';
import { compareAll } from '@/scripts/bench/agreement';
import { describeReport } from '@/scripts/bench/describe';
import { readBenchRequest } from '@/scripts/bench/read-bench-request';
import { MAX_TURNS, MIN_TURNS, planTurns, takesPart } from '@/scripts/bench/rounds';
import type { ContestantResult } from '@/scripts/bench/run-runtime';
import { imagesFor, loadSubject, macsOf } from '@/scripts/bench/bench-models';

const none = (): Promise<never> => Promise.reject(new Error('no file is needed'));

describe('npm run bench takes turns', () => {
  it('with the one compared with in every round, and a slow one in no fewer than a few', () => {
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

  it('models, batches and places', () => {
    expect(ask('').run).toMatchObject({ models: ['deit_tiny', 'family', 'deit_small', 'swin_tiny'], batches: [1, 8] });
    expect(ask('--models family --batches 2 --only chromium --slow')).toMatchObject({
      places: ['chromium'],
      run: { models: ['family'], batches: [2], slowMs: Infinity },
    });
    expect(ask('--onnx a.onnx')).toMatchObject({ onnx: 'a.onnx', run: { models: ['deit_tiny'], foreignOnnx: true } });
  });

  it.each([
    ['--models vit', /no model "vit"; the known ones are deit_tiny/],
    ['--only deno', /no place "deno"; the known ones are node, chromium/],
    ['--batches 0', /--batches: "0" is no whole number above 0/],
    ['--onnx a.onnx --models deit_tiny,family', /--onnx goes with one model/],
  ])('and answers "%s" with a sentence', (line, sentence) => {
    expect(() => ask(line)).toThrow(sentence);
  });
});

describe('npm run bench compares', () => {
  const answer = (id: 'packed' | 'float-binary' | 'tfjs-wasm' | 'ort-web', ...logits: number[]) => ({
    id,
    batch: 2,
    logits: Float32Array.from(logits),
  });

  it('what computes the same, and says how far apart it is', () => {
    const answers = [
      answer('packed', 1, 2, 3, 1),
      answer('float-binary', 1, 2, 3, 4),
      answer('tfjs-wasm', 0, 1, 2, 0),
      answer('ort-web', 0, 1, 2.5, 0),
    ];
    expect(compareAll(answers, false)).toEqual([
      { a: 'float-binary', b: 'packed', images: 2, sameClass: 1, largestDifference: 3, largestLogit: 4 },
      { a: 'tfjs-wasm', b: 'ort-web', images: 2, sameClass: 2, largestDifference: 0.5, largestLogit: 2 },
    ]);
    expect(compareAll(answers, true).map(({ b }) => b)).toEqual(['packed']);
  });

  it('the same model in both forms, on the same images', async () => {
    const { real, binary } = await loadSubject('deit_tiny', none);
    expect(macsOf(real) / 1e6).toBeCloseTo(1253.7, 1);
    expect(real.config).toEqual({ ...binary.config, quantization: 'none' });
    expect(binary.tensors.get('blocks.0.attn.qkv.weight_bits')?.shape).toEqual([576, 24]);
    expect(binary.tensors.has('blocks.0.attn.qkv.weight')).toBe(false);
    expect(imagesFor(real, 8).subarray(0, 100)).toEqual(imagesFor(real, 1).subarray(0, 100));
  });
});

it('npm run bench prints ratios with what runs in Node only, and reasons once', () => {
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
    places: [
      { place: 'Node', kernels, contests: [contest(result('packed', 10), result('ort-node', 30))] },
      {
        place: 'Chromium',
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
