import { expect, it } from 'vitest';
import { tf, valueAndGradients } from '@/lib/tf';
import { parseConfig } from '@/models/config';
import { QUANTIZATIONS } from '@/models/quantization';
import type { Quantization } from '@/models/quantization';
import type { Model } from '@/models/model';
import { postTraining, quantizeModel, type BitsOfParts } from '@/models/precision';
import { predictClasses } from '@/models/predict';
import { StageRecorder } from '@/models/recorder';
import { traceImage } from '@/models/trace-image';
import { describeOnEachBackend } from '@/tests/models/backends';
import { openMember, shippedPicture } from '@/tests/models/family';

const FULL: BitsOfParts = { weights: 32, activations: 32, attention: 32 };
const PREDICTED = { gradients: false, lossClass: 'predicted' } as const;

/** Every stage and the logits. */
function stagesOf(model: Model, image: Float32Array): ReadonlyMap<string, Float32Array> {
  const recorder = new StageRecorder();
  const logits = tf.tidy(() =>
    model
      .forward(tf.tensor4d(image, [1, 1, 28, 28]), recorder)
      .dataSync()
      .slice(),
  );
  const stages = [...recorder.values].map(([stage, tensor]) => [stage, tensor.dataSync().slice()] as const);
  recorder.dispose();
  return new Map([...stages, ['the logits themselves', logits]]) as ReadonlyMap<string, Float32Array>;
}

async function withBits<T>(
  bits: BitsOfParts | Quantization,
  work: (quantized: Model, teacher: Model) => T,
): Promise<T> {
  const teacher = openMember('teacher');
  const quantized = await quantizeModel(teacher, 'weights' in bits ? postTraining(bits) : bits);
  const result = await work(quantized, teacher);
  quantized.dispose();
  teacher.dispose();
  return result;
}

describeOnEachBackend('the precision of a model', () => {
  it('of 32 bits everywhere gives the model’s own stages, bit for bit', async () => {
    const image = shippedPicture(9);
    await withBits(FULL, (quantized, teacher) => {
      const [ours, own] = [stagesOf(quantized, image), stagesOf(teacher, image)];
      expect(own.size).toBeGreaterThan(20);
      expect(ours).toEqual(own);
    });
  });

  it('of real weights and inputs on the quantized path gives the model’s own logits, to rounding', async () => {
    const linear = { kind: 'uniform', weightBits: null, inputBits: null } as const;
    await withBits({ ...QUANTIZATIONS.none, linear }, (quantized, teacher) => {
      const [ours, own] = [quantized, teacher].map((model) => stagesOf(model, shippedPicture(9)).get('logits'));
      ours?.forEach((logit, i) => expect(logit).toBeCloseTo(own?.[i] ?? NaN, 3));
    });
  });

  it.each<[keyof BitsOfParts, readonly string[]]>([
    ['weights', []],
    ['activations', ['q_binary', 'k_binary', 'v_binary']],
    ['attention', ['attention_binary']],
  ])('changes only %s, and records the quantized stages', async (part, stages) => {
    await withBits({ ...FULL, [part]: 3 }, (quantized, teacher) => {
      const [ours, own] = [stagesOf(quantized, shippedPicture(9)), stagesOf(teacher, shippedPicture(9))];
      const more = [...ours.keys()].filter((stage) => !own.has(stage));
      expect(more).toEqual([0, 1, 2, 3].flatMap((layer) => stages.map((stage) => `blocks.${layer}.${stage}`)));
      expect(ours.get('tokens')).toEqual(own.get('tokens'));
      expect(ours.get('logits')).not.toEqual(own.get('logits'));
      // The first layer's scores do not depend on the attention's quantizer.
      if (part === 'attention') expect(ours.get('blocks.0.scores')).toEqual(own.get('blocks.0.scores'));
    });
  });

  it('gives each summed vector as few values as its bits allow', async () => {
    const image = shippedPicture(9);
    for (const bits of [1, 2, 3, 4] as const) {
      const trace = await withBits({ weights: bits, activations: bits, attention: bits }, (model) =>
        traceImage(model, image, PREDICTED),
      );
      const layer = trace.layers[0];
      const row = (values: Float32Array | null | undefined, size: number) => new Set(values?.subarray(0, size)).size;
      expect(row(layer?.attentionBinary, 50)).toBeLessThanOrEqual(2 ** bits);
      expect(row(layer?.qBinary, 16)).toBeLessThanOrEqual(Math.max(2, 2 ** bits - 1));
      // v is summed over tokens, so it has a scale for each column.
      const column = Array.from({ length: 50 }, (_, token) => layer?.vBinary?.[token * 16]);
      expect(new Set(column).size).toBeLessThanOrEqual(Math.max(2, 2 ** bits - 1));
    }
  });

  it('multiplies quantized q and k like their dequantized values, to rounding', async () => {
    const trace = await withBits({ ...FULL, activations: 4 }, (model) =>
      traceImage(model, shippedPicture(9), PREDICTED),
    );
    const { qBinary, kBinary, scores } = trace.layers[1] ?? {};
    if (!qBinary || !kBinary || scores === undefined) throw new Error('the trace has no such stages');
    for (let i = 0; i < scores.length; i += 397) {
      const [head, query, key] = [Math.floor(i / 2500), Math.floor((i % 2500) / 50), i % 50];
      let sum = 0;
      for (let d = 0; d < 16; d++)
        sum += (qBinary[(head * 50 + query) * 16 + d] ?? NaN) * (kBinary[(head * 50 + key) * 16 + d] ?? NaN);
      expect(scores[i]).toBeCloseTo(sum / 4, 3);
    }
  });

  it('approaches the model with many bits', async () => {
    const image = shippedPicture(9);
    const distances: number[] = [];
    for (const bits of [2, 4, 8] as const) {
      await withBits({ weights: bits, activations: bits, attention: bits }, (quantized, teacher) => {
        const [ours = [], own = []] = [quantized, teacher].map((model) => stagesOf(model, image).get('logits'));
        distances.push(Math.hypot(...Array.from(ours, (logit, i) => logit - (own[i] ?? NaN))));
      });
    }
    const [coarse = NaN, middle = NaN, fine = NaN] = distances;
    expect(fine).toBeLessThan(middle);
    expect(middle).toBeLessThan(coarse);
    expect(fine).toBeLessThan(1);
  });

  it('passes gradients straight through', async () => {
    await withBits({ weights: 2, activations: 2, attention: 1 }, (model) => {
      const [gradient = []] = tf.tidy(() => {
        const images = tf.tensor4d(shippedPicture(9), [1, 1, 28, 28]);
        const { gradients } = valueAndGradients(() => tf.sum<tf.Scalar>(model.forward(images)), [images]);
        return gradients.map((each) => Array.from(each?.dataSync() ?? []));
      });
      expect(gradient.every(Number.isFinite)).toBe(true);
      expect(gradient.some((value) => value !== 0)).toBe(true);
    });
  });

  it('rejects a model that is already quantized', async () => {
    const student = openMember('bi-vit');
    await expect(quantizeModel(student, postTraining(FULL))).rejects.toThrow(RangeError);
    student.dispose();
  });

  it('gives a model that outlives the original, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const teacher = openMember('teacher');
    const quantized = await quantizeModel(teacher, postTraining({ weights: 4, activations: 4, attention: 1 }));
    const again = await quantizeModel(teacher, postTraining(FULL));
    teacher.dispose();
    expect(await predictClasses(quantized, [shippedPicture(9), shippedPicture(10)])).toHaveLength(2);
    quantized.dispose();
    again.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('cannot be requested by a checkpoint’s header', () => {
    const good = openConfig();
    for (const quantization of ['post-training', 'uniform', { kind: 'uniform', weightBits: 1e9 }, ['none'], 32, null]) {
      expect(() => parseConfig(JSON.stringify({ ...good, quantization }))).toThrow(/quantization/);
    }
    const sneaked = parseConfig(JSON.stringify({ ...good, linear: { kind: 'uniform', weightBits: 1e9 }, bits: 64 }));
    expect(sneaked).not.toHaveProperty('linear');
    expect(sneaked).not.toHaveProperty('bits');
  });
});

function openConfig(): object {
  const teacher = openMember('teacher');
  teacher.dispose();
  return teacher.config;
}
