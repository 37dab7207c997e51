import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { elastic } from '@/lib/quantizers/elastic';
import { fitElastic } from '@/lib/quantizers/fit-two-levels';
import { tf } from '@/lib/tf';
import { BINARIZER_IDS, binarizerRecord } from '@/lib/quantizers/attention/records';
import { readBlock } from '@/models/layers/block';
import { binarizeModel } from '@/models/binarize';
import { configOf } from '@/models/infer-config';
import { attentionBlocks, type Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import { ParameterReader } from '@/models/parameter-reader';
import { fullPrecisionParameters } from '@/models/precision';
import { DEFAULT_RECIPE, type BinarizationRecipe } from '@/models/recipe';
import { StageRecorder } from '@/models/recorder';
import type { LayerTrace } from '@/models/trace';
import { traceImage } from '@/models/trace-image';
import { describeOnEachBackend } from '@/tests/models/backends';
import { deitOnly } from '@/tests/models/deit-only';
import { openMember } from '@/tests/models/family';
import { randomImage } from '@/tests/models/random-checkpoint';

const MODELS = ['deit_micro', 'swin_micro'] as const;
const NOTHING: BinarizationRecipe = { ...DEFAULT_RECIPE, linears: false, qkv: false, attention: null, alpha: 'one' };
const EVERYTHING: BinarizationRecipe = { ...DEFAULT_RECIPE, linears: true };
const GRADIENTS = { gradients: true, lossClass: 'predicted' } as const;

function open(name: string): Model {
  const checkpoint = parseCheckpoint(readFileSync(new URL(`../golden/${name}.safetensors`, import.meta.url)));
  return createModel(configOf(checkpoint), checkpoint.tensors);
}

async function withStudent<T>(
  name: string,
  recipe: BinarizationRecipe,
  work: (student: Model, teacher: Model, images: readonly Float32Array[]) => T | Promise<T>,
  pictures = 2,
): Promise<T> {
  const teacher = open(name);
  const images = Array.from({ length: pictures }, (_, i) => randomImage(teacher.config, 40 + i));
  const student = await binarizeModel(teacher, recipe, images);
  try {
    return await work(student, teacher, images);
  } finally {
    student.dispose();
    teacher.dispose();
  }
}

/** Every stage, in order, and its values. */
function stagesOf(model: Model, image: Float32Array | undefined): ReadonlyMap<string, Float32Array> {
  if (image === undefined) throw new Error('no image');
  const recorder = new StageRecorder();
  const { inChannels, imageSize } = model.config;
  const input = tf.tensor4d(image, [1, inChannels, imageSize, imageSize]);
  tf.dispose([model.forward(input, recorder), input]);
  const stages = new Map([...recorder.values].map(([stage, tensor]) => [stage, tensor.dataSync<'float32'>().slice()]));
  recorder.dispose();
  return stages;
}

const blockOf = (stage: string): string => stage.slice(0, stage.lastIndexOf('.'));

describeOnEachBackend('a model binarized on the spot', () => {
  it.each(MODELS)('with nothing binarized is the model itself, to the last bit: %s', async (name) => {
    for (const alpha of ['one', 'calibrated'] as const) {
      await withStudent(name, { ...NOTHING, alpha }, (student, teacher, [image]) => {
        expect(stagesOf(student, image)).toEqual(stagesOf(teacher, image));
        expect(student.quantization.name).toBe('post-training');
      });
    }
  });

  it.each(MODELS)('changes the layers that were chosen, and what comes after them: %s', async (name) => {
    for (const part of [{ linears: true }, { qkv: true }, { attention: 'elastic' }] as const) {
      const recipe: BinarizationRecipe = { ...NOTHING, ...part, alpha: 'official', layers: { from: 1, to: 1 } };
      await withStudent(name, recipe, (student, teacher, [image]) => {
        const [ours, own] = [stagesOf(student, image), stagesOf(teacher, image)];
        const [first, chosen] = attentionBlocks(student.blocks).map((block) => block.name);
        const added = [...ours.keys()].filter((stage) => !own.has(stage));
        expect(new Set(added.map(blockOf))).toEqual(new Set('linears' in part ? [] : [chosen]));
        expect(ours.get(`${first}.output`)).toEqual(own.get(`${first}.output`));
        expect(ours.get(`${chosen}.output`)).not.toEqual(own.get(`${chosen}.output`));
        expect(ours.get('logits')).not.toEqual(own.get('logits'));
      });
    }
  });

  it('counts the layers of a Swin across its stages', async () => {
    const recipe: BinarizationRecipe = { ...DEFAULT_RECIPE, layers: { from: 2, to: 3 } };
    await withStudent('swin_micro', recipe, (student, _, [image]) => {
      const binarized = [...stagesOf(student, image).keys()].filter((stage) => stage.endsWith('_binary'));
      expect(new Set(binarized.map(blockOf))).toEqual(new Set(['layers.1.blocks.0', 'layers.1.blocks.1']));
    });
  });

  it.each<[string, Partial<BinarizationRecipe>, readonly string[]]>([
    ['linears', { linears: true }, []],
    ['q, k and v', { qkv: true }, ['q_binary', 'k_binary', 'v_binary']],
    ['attention', { attention: 'bool' }, ['attention_binary']],
    ['q and k', { attention: 'q-k-only' }, ['q_binary', 'k_binary']],
    ['q, k by their means, and v', { attention: 'q-k-only', qkv: true }, ['q_binary', 'k_binary', 'v_binary']],
  ])('binarizes %s alone where that is what it was asked for', async (_, part, stages) => {
    for (const alpha of ['one', 'official', 'calibrated'] as const) {
      await withStudent('deit_micro', { ...NOTHING, ...part, alpha }, (student, teacher, [image]) => {
        const own = stagesOf(teacher, image);
        const added = [...stagesOf(student, image).keys()].filter((stage) => !own.has(stage));
        const depth = student.blocks.length;
        expect(added.sort()).toEqual(
          Array.from({ length: depth }, (_each, i) => stages.map((stage) => `blocks.${i}.${stage}`))
            .flat()
            .sort(),
        );
      });
    }
  });

  it('has weights of two values a row, and inputs of two values a token', async () => {
    await withStudent('deit_micro', { ...NOTHING, linears: true }, async (student, teacher) => {
      const reader = ParameterReader.of(await fullPrecisionParameters(teacher));
      const { fc1 } = readBlock(reader, 'blocks.0', deitOnly(student.config), student.quantization).mlp;
      const weight = teacher.parameters.get('blocks.0.mlp.fc1.weight');
      if (fc1.kind !== 'uniform' || weight === undefined) throw new Error('fc1 is not binarized');
      tf.tidy(() => {
        const restored = tf.mul(fc1.weights.integers, fc1.weights.scale).dataSync();
        const [outputs = 0, inputs = 0] = weight.shape;
        const values = weight.dataSync<'float32'>();
        for (let o = 0; o < outputs; o++) {
          const row = values.slice(o * inputs, (o + 1) * inputs);
          const scale = row.reduce((sum, w) => sum + Math.abs(w), 0) / inputs;
          row.forEach((w, i) => expect(restored[o * inputs + i]).toBeCloseTo(w < 0 ? -scale : scale, 5));
        }
      });
      expect(student.parameters.has('blocks.0.mlp.fc1.bias')).toBe(true);
      reader.dispose();
    });
  });

  it.each(MODELS)('has scaling factors of what comes into its own quantizers, layer by layer: %s', async (name) => {
    const single = 1; // one picture, so that the student's own trace is the calibration
    const recipe: BinarizationRecipe = { ...EVERYTHING, alpha: 'official' };
    const [official, calibrated] = [recipe, { ...recipe, alpha: 'calibrated' } as const].map((each) =>
      withStudent(
        name,
        each,
        async (student, _, [image = new Float32Array(0)]) => (await traceImage(student, image, GRADIENTS)).layers,
        single,
      ),
    );
    for (const [layers, factor] of [
      [await official, 2],
      [await calibrated, 1],
    ] as const) {
      for (const layer of layers ?? []) {
        const { quantizers } = layer;
        for (const side of ['q', 'k', 'v'] as const) {
          expectAlphas(
            quantizers?.[side],
            perHead(layer, layer[side], (head) => factor * meanMagnitude(head)),
          );
        }
        const ofAttention =
          factor === 2
            ? (head: Float32Array) => 2 * meanMagnitude(head)
            : (head: Float32Array) => fitElastic(head).alpha;
        expectAlphas(quantizers?.attention, perHead(layer, layer.attention, ofAttention));
      }
    }
  });

  it.each(MODELS)('errs no more on the calibration pictures than at the official start: %s', async (name) => {
    // The attention of the first layer is the same for both: nothing before it is binarized.
    const recipe: BinarizationRecipe = { ...NOTHING, attention: 'elastic' };
    const errors: number[] = [];
    for (const alpha of ['calibrated', 'official'] as const) {
      await withStudent(name, { ...recipe, alpha }, async (student, _, images) => {
        let error = 0;
        for (const image of images) {
          const [layer] = (await traceImage(student, image, { gradients: false, lossClass: 0 })).layers;
          layer?.attentionBinary?.forEach((value, i) => (error += (value - (layer.attention[i] ?? NaN)) ** 2));
        }
        errors.push(error);
      });
    }
    const [calibrated = NaN, official = NaN] = errors;
    expect(calibrated).toBeGreaterThan(0);
    expect(calibrated).toBeLessThanOrEqual(official);
  });

  it.each(MODELS)('runs forward and backward with each binarizer, and its trace names them: %s', async (name) => {
    for (const attention of BINARIZER_IDS) {
      for (const alpha of ['one', 'calibrated'] as const) {
        await withStudent(
          name,
          { ...EVERYTHING, attention, alpha },
          async (student, _, [image = new Float32Array(0)]) => {
            const { layers, logits } = await traceImage(student, image, GRADIENTS);
            expect(logits.every(Number.isFinite)).toBe(true);
            for (const layer of layers) {
              const { binarizes, passNote } = binarizerRecord(attention);
              const isReal = binarizes === 'q and k';
              expect(layer.quantizers?.attention.kind).toBe(isReal ? 'real' : attention);
              expect(layer.quantizers?.q.kind).toBe(isReal && alpha !== 'one' ? 'q-k-only' : 'sign-alpha');
              expect(layer.attentionBinary === null).toBe(isReal);
              const slopes = [layer.gradQ, layer.gradK, layer.gradV, layer.gradScores, layer.gradAttention];
              for (const slope of slopes) expect(slope?.every(Number.isFinite)).toBe(true);
              // What reads the scores sends its gradient there, past the softmax.
              if (!isReal && passNote !== null) expect(layer.gradAttention?.every((slope) => slope === 0)).toBe(true);
            }
          },
        );
      }
    }
  });

  it('makes of each entry what the binarizer’s scalar makes of it, with the alpha that the trace states', async () => {
    await withStudent('deit_micro', EVERYTHING, async (student, _, [image = new Float32Array(0)]) => {
      for (const { attention, attentionBinary, quantizers, heads } of (await traceImage(student, image, GRADIENTS))
        .layers) {
        const parameters = quantizers?.attention;
        if (parameters?.kind !== 'elastic') throw new Error('no elastic attention');
        const size = attention.length / heads;
        const expected = attention.map((p, i) =>
          elastic.forward(p, { alpha: parameters.alpha[Math.floor(i / size)] ?? NaN }),
        );
        expect(attentionBinary).toEqual(expected);
      }
    });
  });

  it('outlives the model that it came from', async () => {
    const teacher = open('deit_micro');
    const image = randomImage(teacher.config, 1);
    const student = await binarizeModel(teacher, EVERYTHING, [image]);
    const before = stagesOf(student, image).get('logits');
    teacher.dispose();
    expect(stagesOf(student, image).get('logits')).toEqual(before);
    student.dispose();
  });

  it('cannot be made of a quantized model, of pictures of another size, or of none where factors follow them', async () => {
    const student = openMember('bi-vit');
    await expect(binarizeModel(student, EVERYTHING, [])).rejects.toThrow(/full-precision/);
    student.dispose();
    const teacher = open('deit_micro');
    await expect(binarizeModel(teacher, EVERYTHING, [])).rejects.toThrow(RangeError);
    await expect(binarizeModel(teacher, EVERYTHING, [new Float32Array(3)])).rejects.toThrow(/values/);
    const unfitted = await binarizeModel(teacher, { ...EVERYTHING, alpha: 'one' }, []);
    unfitted.dispose();
    teacher.dispose();
  });

  it.each(MODELS)('leaves nothing behind, whenever it is cancelled: %s', async (name) => {
    const before = tf.memory().numTensors;
    const teacher = open(name);
    const images = [randomImage(teacher.config, 1)];
    const loaded = tf.memory().numTensors;
    for (const recipe of [EVERYTHING, { ...EVERYTHING, linears: false }, { ...EVERYTHING, alpha: 'one' as const }]) {
      const steps: (readonly [number, number])[] = [];
      const whole = await binarizeModel(teacher, recipe, images, async (done, total) => void steps.push([done, total]));
      whole.dispose();
      expect(tf.memory().numTensors).toBe(loaded);
      expect(steps.map(([done]) => done)).toEqual(steps.map((_, i) => i));
      expect(new Set(steps.map(([, total]) => total))).toEqual(new Set([steps.length]));
      for (const at of steps.keys()) {
        const cancel = (done: number) => (done === at ? Promise.reject(new Error('cancelled')) : Promise.resolve());
        await expect(binarizeModel(teacher, recipe, images, cancel)).rejects.toThrow('cancelled');
        expect(tf.memory().numTensors).toBe(loaded);
      }
    }
    teacher.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

function meanMagnitude(values: Float32Array): number {
  return values.reduce((sum, x) => sum + Math.abs(x), 0) / values.length;
}

function perHead(
  { heads }: LayerTrace,
  values: Float32Array | null,
  measure: (head: Float32Array) => number,
): readonly number[] {
  if (values === null) throw new Error('not traced');
  const size = values.length / heads;
  return Array.from({ length: heads }, (_, head) => measure(values.subarray(head * size, (head + 1) * size)));
}

function expectAlphas(
  quantizer: { readonly kind: string; readonly alpha?: Float32Array } | undefined,
  expected: readonly number[],
): void {
  expect(quantizer?.alpha).toHaveLength(expected.length);
  expected.forEach((alpha, head) => expect(Math.abs((quantizer?.alpha?.[head] ?? NaN) / alpha - 1)).toBeLessThan(1e-4));
}
