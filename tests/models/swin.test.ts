import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { tokensOfRows } from '@/lib/math/attention-layout';
import { tf } from '@/lib/tf';
import { ConfigError, parseConfig } from '@/models/config';
import { configOf } from '@/models/infer-config';
import {
  mergeWindows,
  partitionWindows,
  relativePositionIndex,
  shiftMask,
  type WindowedLayout,
} from '@/models/layers/window';
import { createModel } from '@/models/create-model';
import { blockLayout, swinStages, type SwinConfig } from '@/models/architectures/swin/config';
import { describeOnEachBackend } from '@/tests/models/backends';

const golden = (name: string) =>
  parseCheckpoint(readFileSync(fileURLToPath(new URL(`../golden/${name}.safetensors`, import.meta.url))));

const MICRO = {
  architecture: 'swin',
  quantization: 'none',
  imageSize: 32,
  patchSize: 4,
  inChannels: 3,
  embedDim: 24,
  depths: [2, 2],
  numHeads: [2, 4],
  windowSize: 4,
  mlpRatio: 4,
  numClasses: 10,
  normEps: 1e-5,
};
const SWIN_TINY = {
  ...MICRO,
  imageSize: 224,
  embedDim: 96,
  depths: [2, 2, 6, 2],
  numHeads: [3, 6, 12, 24],
  windowSize: 7,
};

function swin(config: object): SwinConfig {
  const parsed = parseConfig(JSON.stringify(config));
  if (parsed.architecture !== 'swin') throw new Error('not a Swin');
  return parsed;
}

const windowed = (gridSide: number, size: number, shift: number): WindowedLayout => ({
  classTokens: 0,
  gridSide,
  window: { size, shift },
});

describe('a Swin without a configuration', () => {
  it.each(['swin_micro', 'official_bi_swin_micro'])('is inferred from its shapes: %s', (name) => {
    const { config: stated, ...rest } = Object.fromEntries(golden(name).metadata);
    expect(rest).not.toHaveProperty('config');
    const pth = parseCheckpoint(readFileSync(fileURLToPath(new URL(`../golden/${name}.pth`, import.meta.url))));
    expect(pth.metadata.has('config')).toBe(false);
    expect(configOf(pth)).toEqual(parseConfig(stated ?? ''));
    const withoutMask = new Map([...pth.tensors].filter(([key]) => !key.endsWith('attn_mask')));
    expect(configOf({ ...pth, tensors: withoutMask })).toEqual(parseConfig(stated ?? ''));
  });
});

describe('the windows of Swin', () => {
  it.each(['swin_micro', 'official_bi_swin_micro'])('match the tables in %s', (name) => {
    const { tensors } = golden(name);
    const index = tensors.get('layers.0.blocks.0.attn.relative_position_index');
    expect([...relativePositionIndex(4)]).toEqual([...(index?.data ?? [])]);
    const mask = tensors.get('layers.0.blocks.1.attn_mask');
    expect([...(shiftMask(windowed(8, 4, 2)) ?? [])]).toEqual([...(mask?.data ?? [])]);
    expect(shiftMask(windowed(8, 4, 0))).toBeNull();
  });

  it('halve the grid and double the width from stage to stage, and shift only where there are several', () => {
    const stages = swinStages(swin(SWIN_TINY));
    expect(stages.map(({ gridSide }) => gridSide)).toEqual([56, 28, 14, 7]);
    expect(stages.map(({ embedDim }) => embedDim)).toEqual([96, 192, 384, 768]);
    expect(stages.map((stage) => [0, 1].map((block) => blockLayout(stage, block).window.shift))).toEqual([
      [0, 3],
      [0, 3],
      [0, 3],
      [0, 0],
    ]);
  });

  it.each([
    ['has a grid that its windows do not fill', { windowSize: 5 }],
    ['has more stages than its grid can be halved', { depths: [1, 1, 1, 1, 1], numHeads: [2, 2, 2, 2, 2] }],
    ['has heads for other stages', { numHeads: [2] }],
    ['has heads that do not divide its width', { numHeads: [5, 5] }],
    ['is too large', { embedDim: 1024, depths: [64, 64], numHeads: [2, 2] }],
    ['cuts its image unevenly', { patchSize: 5 }],
    ['has no stages', { depths: [], numHeads: [] }],
  ])('of a configuration that %s are rejected', (_what, change) => {
    expect(() => swin({ ...MICRO, ...change })).toThrow(ConfigError);
  });
});

describeOnEachBackend('Swin', () => {
  it.each([
    [8, 4, 0],
    [8, 4, 2],
    [6, 3, 1],
    [4, 4, 0],
  ])('partitions %i into %i, shifted by %i, as counting does, and merges again', (gridSide, windowSize, shift) => {
    const layout = windowed(gridSide, windowSize, shift);
    const [batch, channels] = [2, 3];
    const counted = tf.range(0, batch * gridSide ** 2 * channels);
    const x = tf.reshape<tf.Rank.R3>(counted, [batch, gridSide ** 2, channels]);
    const windows = partitionWindows(x, layout);
    const across = gridSide / windowSize;
    const expected: number[] = [];
    for (let i = 0; i < batch * across ** 2 * windowSize ** 2; i++) {
      const token = i % windowSize ** 2;
      const window = Math.floor(i / windowSize ** 2) % across ** 2;
      const image = Math.floor(i / windowSize ** 2 / across ** 2);
      const row = (Math.floor(window / across) * windowSize + Math.floor(token / windowSize) + shift) % gridSide;
      const column = ((window % across) * windowSize + (token % windowSize) + shift) % gridSide;
      const start = ((image * gridSide + row) * gridSide + column) * channels;
      for (let c = 0; c < channels; c++) expected.push(start + c);
    }
    expect([...windows.dataSync()]).toEqual(expected);
    expect([...mergeWindows(windows, layout).dataSync()]).toEqual([...x.dataSync()]);
    tf.dispose([counted, x, windows]);
  });

  it.each(['swin_micro', 'official_bi_swin_micro'])('%s leaves no tensor behind', (name) => {
    const before = tf.memory().numTensors;
    const checkpoint = golden(name);
    const model = createModel(configOf(checkpoint), checkpoint.tensors);
    const loaded = tf.memory().numTensors;
    tf.tidy(() => {
      const images = tf.ones<tf.Rank.R4>([2, 3, 32, 32]);
      const inside = tf.memory().numTensors;
      const logits = model.forward(images);
      expect(logits.shape).toEqual([2, 10]);
      expect(tf.memory().numTensors).toBe(inside + 1);
    });
    expect(tf.memory().numTensors).toBe(loaded);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives an image the same logits alone and in a batch', () => {
    const checkpoint = golden('official_bi_swin_micro');
    const model = createModel(configOf(checkpoint), checkpoint.tensors);
    const { image, pair } = tf.tidy(() => {
      const one = tf.randomUniform<tf.Rank.R4>([1, 3, 32, 32], -1, 1, 'float32', 5);
      const other = tf.randomUniform<tf.Rank.R4>([1, 3, 32, 32], -1, 1, 'float32', 6);
      return {
        image: model.forward(one).dataSync(),
        pair: model.forward(tf.concat([other, one])).dataSync(),
      };
    });
    image.forEach((logit, i) => expect(pair[10 + i]).toBeCloseTo(logit, 4));
    model.dispose();
  });
});

describe('the order of tokens', () => {
  it.each([0, 1, 2])('in windows is that of the partition, shifted by %i', (shift) => {
    const layout = windowed(8, 4, shift);
    const tokens = tf.reshape<tf.Rank.R3>(tf.range(0, 64), [1, 64, 1]);
    expect([...tokensOfRows(layout)]).toEqual([...partitionWindows(tokens, layout).dataSync()]);
  });
});
