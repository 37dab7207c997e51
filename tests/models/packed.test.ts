/** The packed forward against the float path, on random models of any size and on the shipped ones. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerKernels } from '@/lib/kernels/register';
import { selectBackend, setWasmDirectory, tf } from '@/lib/tf';
import { STUDENT_IDS } from '@/tests/fashion-mnist';
import { parseConfig, type ModelConfig } from '@/models/config';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import { packModel } from '@/models/packed';
import type { BlockView } from '@/lib/kernels/forward/run-context';
import { PackedUnavailableError } from '@/models/packed-model';
import { limitsOf } from '@/models/packed-layers';
import { randomWeights } from '@/models/random-weights';
import { StageRecorder } from '@/models/recorder';
import { WASM_DIRECTORY } from '@/scripts/wasm-directory';
import { kernelBytes } from '@/tests/lib/kernels/kernel-suite';
import { openMember, openModel, shippedPicture } from '@/tests/models/family';
import { randomImage } from '@/tests/models/random-checkpoint';

beforeAll(async () => {
  setWasmDirectory(WASM_DIRECTORY);
  const { backend } = await selectBackend('wasm');
  const form = await registerKernels(await kernelBytes());
  if (backend !== 'wasm' || form.kind !== 'fast') throw new Error('the packed kernels do not run here');
});

/** Equal bit for bit, but for the sign of zeros. */
function expectSame(name: string, actual: Float32Array, expected: Float32Array, tolerance = 0): void {
  if (actual.length !== expected.length)
    throw new Error(`${name}: ${actual.length} values, expected ${expected.length}`);
  actual.forEach((value, i) => {
    if (!(Math.abs(value - (expected[i] ?? NaN)) <= tolerance))
      throw new Error(`${name}, element ${i}: ${value}, expected ${expected[i]}`);
  });
}

const valuesOf = (tensor: tf.Tensor): Float32Array => Float32Array.from(tensor.dataSync());

/** Every stage of the blocks, and the logits. */
function expectSameStages(model: Model, images: tf.Tensor4D): void {
  const packed = packModel(model);
  const views: BlockView[] = [];
  const recorder = new StageRecorder();
  try {
    const [actual, expected] = tf.tidy(() => [
      valuesOf(packed.forward(images, { block: (view) => views.push(view) })),
      valuesOf(model.forward(images, recorder)),
    ]);
    const stage = (name: string): Float32Array => {
      const tensor = recorder.values.get(name);
      if (tensor === undefined) throw new Error(`the float path has no stage ${name}`);
      return valuesOf(tensor);
    };
    const tokens = views[0];
    if (tokens !== undefined) expectSame('tokens', tokens.tokensIn, stage('tokens'));
    for (const { name, ...view } of views) {
      expectSame(`${name}.q_binary`, view.qBinary, stage(`${name}.q_binary`));
      expectSame(`${name}.k_binary`, view.kBinary, stage(`${name}.k_binary`));
      expectSame(`${name}.v_binary`, view.vBinary, stage(`${name}.v_binary`));
      expectSame(`${name}.scores`, view.scores, stage(`${name}.scores`));
      expectSame(`${name}.attention`, view.attention, stage(`${name}.attention`), 1e-6);
      expectSame(`${name}.attention_binary`, view.attentionBinary, stage(`${name}.attention_binary`));
      expectSame(`${name}.output`, view.output, stage(`${name}.output`));
    }
    expectSame('logits', actual ?? new Float32Array(), expected ?? new Float32Array());
  } finally {
    recorder.dispose();
    packed.dispose();
  }
}

function imagesOf(config: ModelConfig, batch: number, seed: number): tf.Tensor4D {
  const { inChannels, imageSize } = config;
  const values = Array.from({ length: batch }, (_, i) => [...randomImage(config, seed + i)]).flat();
  return tf.tensor4d(values, [batch, inChannels, imageSize, imageSize]);
}

function checkRandom(config: object, seed: number): void {
  const parsed = parseConfig(JSON.stringify({ quantization: 'bi-vit-elastic', normEps: 1e-6, ...config }));
  const model = createModel(parsed, randomWeights(parsed, seed));
  const images = imagesOf(parsed, 1, seed);
  try {
    expectSameStages(model, images);
  } finally {
    model.dispose();
    images.dispose();
  }
}

const seeds = fc.integer({ min: 1, max: 100_000 });

describe('the packed forward equals the float path, stage by stage', () => {
  it.each(STUDENT_IDS)('of the shipped student %s', (id) => {
    const model = openMember(id);
    for (const index of [0, 9, 123, 999]) {
      const images = tf.tensor4d(shippedPicture(index), [1, 1, 28, 28]);
      expectSameStages(model, images);
      images.dispose();
    }
    model.dispose();
  });

  it('of DeiTs of any size', () => {
    const deits = fc.record({
      numHeads: fc.integer({ min: 1, max: 5 }),
      size: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(16, 31, 32, 33, 64, 65, 100)),
      side: fc.integer({ min: 1, max: 9 }),
      patchSize: fc.integer({ min: 1, max: 5 }),
      inChannels: fc.constantFrom(1, 3),
      mlpRatio: fc.constantFrom(0.5, 1, 2.3, 4),
      depth: fc.integer({ min: 1, max: 2 }),
      numClasses: fc.integer({ min: 1, max: 19 }),
      distilled: fc.boolean(),
    });
    fc.assert(
      fc.property(deits, seeds, ({ size, side, ...rest }, seed) => {
        const { numHeads, patchSize } = rest;
        const sizes = { embedDim: size * numHeads, imageSize: side * patchSize };
        fc.pre(Math.floor(sizes.embedDim * rest.mlpRatio) > 0);
        checkRandom({ architecture: 'deit', ...rest, ...sizes }, seed);
      }),
      { numRuns: 40 },
    );
  });

  it('of a DeiT with more tokens than fit in a tile of words', () => {
    const sizes = { imageSize: 64, patchSize: 4, inChannels: 1, embedDim: 48, depth: 1, numHeads: 2, mlpRatio: 4 };
    checkRandom({ architecture: 'deit', ...sizes, numClasses: 7, distilled: true }, 5);
  });

  it('of Swins, with windows, their shifts, position bias and patch merging', () => {
    const swins = fc.record({
      embedDim: fc.constantFrom(12, 24, 40),
      heads: fc.constantFrom(1, 2),
      windowSize: fc.constantFrom(2, 4, 8),
      depth: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(swins, seeds, ({ heads, depth, ...rest }, seed) => {
        const sizes = { imageSize: 32, patchSize: 4, inChannels: 3, depths: [depth, 2], numHeads: [heads, 2 * heads] };
        checkRandom({ architecture: 'swin', ...sizes, ...rest, mlpRatio: 2, numClasses: 10 }, seed);
      }),
      { numRuns: 12 },
    );
  });

  it('image by image of a batch', () => {
    const model = openMember('bi-vit');
    const packed = packModel(model);
    const together = imagesOf(model.config, 5, 3);
    const alone = tf.split<tf.Tensor4D>(together, 5).map((image) => valuesOf(packed.forward(image)));
    const rows = valuesOf(packed.forward(together));
    alone.forEach((logits, i) => expectSame(`image ${i}`, rows.slice(10 * i, 10 * i + 10), logits));
    packed.dispose();
  });
});

describe('a packed model', () => {
  it('leaves no tensor behind, and outlives the model that it was packed from', () => {
    const model = openMember('bi-vit');
    const images = imagesOf(model.config, 2, 1);
    const before = tf.memory().numTensors;
    const packed = packModel(model);
    packed.forward(images).dispose();
    packed.forward(images, { block: () => undefined }).dispose();
    packed.profile(images, () => 0);
    expect(tf.memory().numTensors).toBe(before + 1); // the arena
    model.dispose();
    const logits = packed.forward(images);
    expect(valuesOf(logits).every(Number.isFinite)).toBe(true);
    logits.dispose();
    packed.dispose();
    images.dispose();
  });

  it('times its stages', () => {
    const model = openMember('bi-vit');
    const packed = packModel(model);
    let ticks = 0;
    const stages = packed.profile(imagesOf(model.config, 1, 1), () => ticks++);
    const counts = Object.fromEntries(stages.map(({ stage, ms }) => [stage, ms]));
    expect(counts).toEqual({ embed: 1, norm: 8, qkv: 4, attention: 4, proj: 4, fc1: 4, fc2: 4, classify: 1 });
    packed.dispose();
  });

  it.each([
    ['full precision', () => openMember('teacher'), 'not binary'],
    ['the three-level sign', () => openModel('tests/golden/official_bi_deit_micro.safetensors'), 'third level'],
    ['the three-level sign of Swin', () => openModel('tests/golden/official_bi_swin_micro.safetensors'), 'third level'],
  ])('is unavailable, with a sentence, for %s', (_, open, reason) => {
    const model = open();
    const before = tf.memory().numTensors;
    expect(() => packModel(model)).toThrow(PackedUnavailableError);
    expect(() => packModel(model)).toThrow(reason);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('rejects images of another size', () => {
    const packed = packModel(openMember('bi-vit'));
    expect(() => packed.forward(tf.zeros([1, 1, 32, 32]))).toThrow('[B, 1, 28, 28]');
    packed.dispose();
  });
});

describe('limits of a sum', () => {
  const bits = (text: string) => Uint8Array.from(text, Number); // of the sums -4, -2, 0, 2, 4
  it.each([
    ['00111', 0, -32768],
    ['11111', -4, -32768],
    ['00000', 32767, -32768],
    ['10011', 2, -4],
    ['11100', 32767, 0],
  ])('%s', (text, from, upTo) => expect(limitsOf(bits(text))).toEqual({ from, upTo }));

  it('are unavailable where a sign changes more than twice', () => {
    expect(() => limitsOf(bits('01001'))).toThrow(PackedUnavailableError);
  });
});

describe('on the cpu backend', () => {
  it('a model is unavailable, with the backend’s name', async () => {
    await selectBackend('cpu');
    expect(() => packModel(openMember('bi-vit'))).toThrow('cpu backend');
    await selectBackend('wasm');
  });
});
