import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CheckpointError, type CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { tf } from '@/lib/tf';
import type { DeitConfig } from '@/models/architectures/deit/config';
import { deitOnly } from '@/tests/models/deit-only';
import { configOf } from '@/models/infer-config';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import { StageRecorder, type StageRecorderOptions } from '@/models/recorder';
import { describeOnEachBackend } from '@/tests/models/backends';
import { ELASTIC_MICRO, randomCheckpoint, randomImage } from '@/tests/models/random-checkpoint';

const FULL_PRECISION_MICRO: DeitConfig = { ...ELASTIC_MICRO, quantization: 'none' };

function imagesOf(config: DeitConfig, seeds: readonly number[]): tf.Tensor4D {
  const { inChannels, imageSize } = config;
  const pixels = seeds.flatMap((seed) => Array.from(randomImage(config, seed)));
  return tf.tensor4d(pixels, [seeds.length, inChannels, imageSize, imageSize]);
}

function logitsOf(model: Model, seeds: readonly number[], options?: StageRecorderOptions): number[] {
  const recorder = options === undefined ? undefined : new StageRecorder(options);
  const logits = tf.tidy(() => Array.from(model.forward(imagesOf(deitOnly(model.config), seeds), recorder).dataSync()));
  recorder?.dispose();
  return logits;
}

describeOnEachBackend('DeiT', () => {
  it.each<[string, DeitConfig]>([
    ['binary', ELASTIC_MICRO],
    ['full precision', FULL_PRECISION_MICRO],
    ['full precision with two class tokens', { ...FULL_PRECISION_MICRO, distilled: true }],
    ['binary with two class tokens', { ...ELASTIC_MICRO, distilled: true, depth: 1, mlpRatio: 3, inChannels: 3 }],
  ])('%s: an image gets the same logits alone as in a batch', (_, config) => {
    const model = createModel(config, randomCheckpoint(config));
    const together = logitsOf(model, [1, 2, 3]);
    const alone = [1, 2, 3].flatMap((seed) => logitsOf(model, [seed]));
    expect(together).toHaveLength(3 * config.numClasses);
    expect(together.every(Number.isFinite)).toBe(true);
    together.forEach((logit, i) => expect(logit).toBeCloseTo(alone[i] ?? NaN, 4));
    model.dispose();
  });

  it('gives the same logits from bits and scales as from latent weights', () => {
    const [bits, latent] = (['bits', 'latent'] as const).map((storage) => {
      const model = createModel(ELASTIC_MICRO, randomCheckpoint(ELASTIC_MICRO, { storage }));
      const logits = logitsOf(model, [1, 2]);
      model.dispose();
      return logits;
    });
    bits?.forEach((logit, i) => expect(logit).toBeCloseTo(latent?.[i] ?? NaN, 4));
  });

  it('is not changed by a recorder, with or without taps on the gradients', () => {
    const model = createModel(ELASTIC_MICRO, randomCheckpoint(ELASTIC_MICRO));
    const plain = logitsOf(model, [4]);
    expect(logitsOf(model, [4], {})).toEqual(plain);
    expect(logitsOf(model, [4], { gradients: true })).toEqual(plain);
    model.dispose();
  });

  it('records its stages in order, the binarized ones only where they exist', () => {
    const stagesOf = (config: DeitConfig): readonly string[] => {
      const model = createModel(config, randomCheckpoint(config));
      const recorder = new StageRecorder();
      tf.tidy(() => model.forward(imagesOf(config, [1]), recorder));
      const stages = [...recorder.values.keys()];
      recorder.dispose();
      model.dispose();
      return stages;
    };
    const block = (i: number, stages: readonly string[]): readonly string[] =>
      stages.map((stage) => `blocks.${i}.${stage}`);
    const out = ['proj_input', 'out', 'fc1_input', 'fc2_input', 'output'];
    const real = ['qkv_input', 'q', 'k', 'v', 'scores', 'attention', ...out];
    const quantized = ['q', 'k', 'q_binary', 'k_binary', 'v', 'v_binary', 'scores', 'attention', 'attention_binary'];
    const binary = ['qkv_input', ...quantized, ...out];
    expect(stagesOf(FULL_PRECISION_MICRO)).toEqual(['tokens', ...block(0, real), ...block(1, real), 'norm', 'logits']);
    expect(stagesOf(ELASTIC_MICRO)).toEqual(['tokens', ...block(0, binary), ...block(1, binary), 'norm', 'logits']);
  });

  it('keeps only the logits after a forward, and nothing after dispose', () => {
    const before = tf.memory().numTensors;
    const model = createModel(ELASTIC_MICRO, randomCheckpoint(ELASTIC_MICRO));
    const images = imagesOf(ELASTIC_MICRO, [1, 2]);
    const loaded = tf.memory().numTensors;
    const logits = model.forward(images);
    expect(tf.memory().numTensors).toBe(loaded + 1);
    tf.dispose([logits, images]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('rejects images of another size with a sentence', () => {
    const model = createModel(ELASTIC_MICRO, randomCheckpoint(ELASTIC_MICRO));
    expect(() => tf.tidy(() => model.forward(tf.zeros([1, 8, 8, 1])))).toThrow(/takes images of shape \[B, 1, 8, 8\]/);
    model.dispose();
  });
});

/** [O, I / 8] -> [O, I] */
function bitsShape([rows = 0, bytes = 0]: readonly number[]): readonly number[] {
  return [rows, 8 * bytes];
}

describeOnEachBackend('a checkpoint for DeiT', () => {
  const key = 'blocks.1.norm2.weight';
  const floats = (shape: readonly number[], values: readonly number[]): CheckpointTensor => ({
    dtype: 'F32',
    shape,
    data: Float32Array.from(values),
  });

  it.each<[string, (tensors: Map<string, CheckpointTensor>) => void, RegExp]>([
    ['lacks a tensor', (t) => t.delete(key), /"blocks\.1\.norm2\.weight" is missing/],
    ['lacks the last one', (t) => t.delete('head.bias'), /"head\.bias" is missing/],
    [
      'has a tensor of another shape',
      (t) => t.set(key, floats([1, 12], Array(12).fill(1))),
      /shape \[1, 12\] where \[12\] belongs/,
    ],
    [
      'has an integer tensor',
      (t) => t.set(key, { dtype: 'I64', shape: [12], data: new Float64Array(12) }),
      /type I64 where floats/,
    ],
    [
      'has bits as floats',
      (t) => t.set('blocks.0.mlp.fc1.weight_bits', floats([24, 2], Array(48).fill(1))),
      /type F32 where bits/,
    ],
    [
      'contains NaN',
      (t) => t.set(key, floats([12], [...Array<number>(11).fill(1), NaN])),
      /holds NaN or infinite values/,
    ],
    [
      'contains infinity',
      (t) => t.set('head.bias', floats([5], [1, 2, 3, 4, -Infinity])),
      /holds NaN or infinite values/,
    ],
    [
      'has a scale of 0',
      (t) => t.set('blocks.0.attn.q_act.alpha', floats([3], [1, 0, 1])),
      /q_act\.alpha" holds a scale of 0/,
    ],
    [
      'has an extra tensor',
      (t) => t.set('blocks.2.norm1.weight', floats([12], [])),
      /do not belong to its configuration: "blocks\.2\.norm1\.weight"/,
    ],
    [
      'has both bits and weights',
      (t) => t.set('blocks.0.attn.qkv.weight', floats([36, 12], Array(432).fill(1))),
      /do not belong to its configuration: "blocks\.0\.attn\.qkv\.weight"/,
    ],
    [
      'has many extra tensors',
      (t) => {
        for (let i = 0; i < 9; i++) t.set(`layers.${i}`, floats([1], [1]));
      },
      /"layers\.2" and 6 more\./,
    ],
  ])('that %s is rejected with a sentence, and leaves no tensor behind', (_, damage, message) => {
    const tensors = randomCheckpoint(ELASTIC_MICRO);
    damage(tensors);
    const before = tf.memory().numTensors;
    expect(() => createModel(ELASTIC_MICRO, tensors)).toThrow(CheckpointError);
    expect(() => createModel(ELASTIC_MICRO, tensors)).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of the official code has ignored keys, each with a reason', () => {
    const checkpoint = parseSafetensors(readFileSync('tests/golden/official_bi_deit_micro.safetensors'));
    const model = createModel(configOf(checkpoint), checkpoint.tensors);
    const why = new Map(model.ignored.map((ignored) => [ignored.key, ignored.why]));
    expect(why.get('blocks.0.attn.qkv.bias')).toMatch(/never use/);
    expect(why.get('blocks.1.attn.attn_act.init_state')).toMatch(/training/);
    // 2 blocks of 4 biases and 4 quantizers with init_state and signed.
    expect(why.size).toBe(24);
    expect(model.parameters.size + why.size).toBe(checkpoint.tensors.size);
    model.dispose();
  });

  it('without a configuration is inferred from its shapes', () => {
    const official = parseSafetensors(readFileSync('tests/golden/official_bi_deit_micro.safetensors'));
    expect(configOf({ ...official, metadata: new Map() })).toEqual(configOf(official));
    expect(() => configOf({ tensors: new Map(), metadata: new Map() })).toThrow(/neither a DeiT nor a Swin/);
  });

  it('without a configuration has as many heads as its quantizers, or as stated', () => {
    for (const [name, quantization] of [
      ['teacher', 'none'],
      ['bi-vit', 'bi-vit-elastic'],
    ] as const) {
      const ours = parseSafetensors(readFileSync(`models/families/fashion-mnist/${name}.safetensors`));
      // As training leaves it: real weights where the shipped file has bits.
      const latent = [...ours.tensors].map(([key, tensor]): [string, CheckpointTensor] =>
        key.endsWith('.weight_bits')
          ? [key.replace('_bits', ''), { dtype: 'F32', shape: bitsShape(tensor.shape), data: new Float32Array() }]
          : [key, tensor],
      );
      const config = configOf({ tensors: new Map(latent), metadata: new Map() }, { numHeads: 4 });
      expect(config).toMatchObject({ numHeads: 4, quantization, embedDim: 64, depth: 4, mlpRatio: 4, imageSize: 28 });
    }
  });
});
