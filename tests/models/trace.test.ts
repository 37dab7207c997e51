import { expect, it } from 'vitest';
import { createRng } from '@/lib/math/rng';
import { elastic } from '@/lib/quantizers/elastic';
import { signAlpha } from '@/lib/quantizers/sign-alpha';
import { tf, valueAndGradients } from '@/lib/tf';
import { numTokens, type DeitConfig } from '@/models/architectures/deit/config';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import { StageRecorder } from '@/models/recorder';
import type { LayerTrace, Trace, TraceLoss } from '@/models/trace';
import type { QuantizerParameters } from '@/lib/quantizers/parameters';
import { traceImage } from '@/models/trace-image';
import { describeOnEachBackend } from '@/tests/models/backends';
import { ELASTIC_MICRO, randomCheckpoint, randomImage } from '@/tests/models/random-checkpoint';

const FULL_PRECISION_MICRO: DeitConfig = { ...ELASTIC_MICRO, quantization: 'none' };
const PREDICTED = { gradients: true, lossClass: 'predicted' } as const;

async function withModel<T>(config: DeitConfig, work: (model: Model) => Promise<T>): Promise<T> {
  const model = createModel(config, randomCheckpoint(config));
  try {
    return await work(model);
  } finally {
    model.dispose();
  }
}

function traceOf(config: DeitConfig, options: Parameters<typeof traceImage>[2] = PREDICTED): Promise<Trace> {
  return withModel(config, (model) => traceImage(model, randomImage(config, 3), options));
}

/** Sums of rows of N. */
function rowSums(matrices: Float32Array, n: number): number[] {
  return Array.from({ length: matrices.length / n }, (_, row) =>
    matrices.subarray(row * n, (row + 1) * n).reduce((sum, x) => sum + x, 0),
  );
}

/** Every array of a layer, including the quantizers' parameters. */
function arraysIn(value: unknown): readonly Float32Array[] {
  if (value instanceof Float32Array) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(arraysIn) : [];
}

/** The quantizer's float64 reference, head by head. */
function quantized(values: Float32Array | null, quantizer: QuantizerParameters | undefined): Float32Array {
  if (values === null || (quantizer?.kind !== 'sign-alpha' && quantizer?.kind !== 'elastic'))
    throw new Error('nothing is quantized with an alpha');
  const size = values.length / quantizer.alpha.length;
  return values.map((x, i) => {
    const head = Math.floor(i / size);
    const alpha = quantizer.alpha[head] ?? NaN;
    if (quantizer.kind === 'elastic') return elastic.forward(x, { alpha });
    const { zeroPoint, signOfZero } = quantizer;
    return signAlpha.forward(x, { alpha, zeroPoint: Math.round(zeroPoint?.[head] ?? 0), signOfZero });
  });
}

describeOnEachBackend('a trace', () => {
  it('holds the stages of each block, for one image', async () => {
    const { numTokens: n, layers, logits, config } = await traceOf(ELASTIC_MICRO);
    const [heads, size, channels] = [3, 4, 12];
    expect([n, layers.length, logits.length, config]).toEqual([numTokens(ELASTIC_MICRO), 2, 5, ELASTIC_MICRO]);
    for (const layer of layers) {
      for (const side of [layer.qBinary, layer.kBinary, layer.vBinary]) expect(side).toHaveLength(heads * n * size);
      const maps = [layer.scores, layer.attention, layer.attentionBinary];
      const slopes = [layer.gradScores, layer.gradAttention, layer.gradAttentionBinary];
      for (const map of [...maps, ...slopes]) expect(map).toHaveLength(heads * n * n);
      expect(layer.output).toHaveLength(n * channels);
      for (const sum of rowSums(layer.attention, n)) expect(sum).toBeCloseTo(1, 5);
      // Softmax is invariant to a shift of its row, so its gradient sums to 0.
      for (const sum of rowSums(layer.gradScores ?? new Float32Array(1).fill(NaN), n)) expect(sum).toBeCloseTo(0, 5);
      expect(new Set(layer.attentionBinary).size).toBeLessThanOrEqual(1 + heads); // 0 and one alpha a head
    }
  });

  it('has null for stages that full precision lacks, and for gradients that were not requested', async () => {
    const trace = await traceOf(FULL_PRECISION_MICRO, { gradients: false, lossClass: 'predicted' });
    expect(trace.loss).toBeNull();
    for (const layer of trace.layers) {
      expect(layer).toMatchObject({ qBinary: null, kBinary: null, vBinary: null, attentionBinary: null });
      expect(layer).toMatchObject({ gradScores: null, gradAttention: null, gradAttentionBinary: null });
    }
  });

  it('has the same values with gradients and without', async () => {
    const bare = await traceOf(ELASTIC_MICRO, { gradients: false, lossClass: 'predicted' });
    const full = await traceOf(ELASTIC_MICRO);
    expect(full.logits).toEqual(bare.logits);
    full.layers.forEach((layer, i) => expect(layer.scores).toEqual(bare.layers[i]?.scores));
  });

  it('states the loss: cross-entropy against the predicted or the given class', async () => {
    const { logits, loss } = await traceOf(FULL_PRECISION_MICRO);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const predicted = logits.indexOf(Math.max(...logits));
    expect(loss?.classIndex).toBe(predicted);
    expect(loss?.value).toBeCloseTo(-Math.log(Math.exp(logits[predicted] ?? NaN) / total), 5);

    const other = (predicted + 1) % logits.length;
    const asked = await traceOf(FULL_PRECISION_MICRO, { gradients: true, lossClass: other });
    expect(asked.loss?.classIndex).toBe(other);
    expect(asked.layers[0]?.gradScores).not.toEqual((await traceOf(FULL_PRECISION_MICRO)).layers[0]?.gradScores);
  });

  it('states the logit when it is the loss', async () => {
    const { logits, loss } = await traceOf(ELASTIC_MICRO, { gradients: true, loss: 'logit', lossClass: 3 });
    expect(loss).toEqual({ kind: 'logit', classIndex: 3, value: logits[3] });
    const predicted = await traceOf(ELASTIC_MICRO, { gradients: true, loss: 'logit', lossClass: 'predicted' });
    expect(predicted.loss?.value).toBe(Math.max(...logits));
  });

  it('holds the inputs of the quantizers, and parameters that reproduce their outputs', async () => {
    const { layers } = await traceOf(ELASTIC_MICRO);
    for (const { q, k, v, attention, qBinary, kBinary, vBinary, attentionBinary, quantizers } of layers) {
      expect(quantized(q, quantizers?.q)).toEqual(qBinary);
      expect(quantized(k, quantizers?.k)).toEqual(kBinary);
      expect(quantized(v, quantizers?.v)).toEqual(vBinary);
      expect(quantized(attention, quantizers?.attention)).toEqual(attentionBinary);
    }
    const real = await traceOf(FULL_PRECISION_MICRO);
    for (const { quantizers } of real.layers)
      expect(new Set(Object.values(quantizers ?? {}).map(({ kind }) => kind))).toEqual(new Set(['real']));
    const forward = await traceOf(ELASTIC_MICRO, { gradients: false, lossClass: 'predicted' });
    for (const layer of forward.layers) expect(layer).toMatchObject({ q: null, k: null, v: null, quantizers: null });
  });

  it('owns its arrays: none shares memory with another', async () => {
    const { logits, layers } = await traceOf(ELASTIC_MICRO);
    const arrays = [logits, ...layers.flatMap(arraysIn)];
    expect(arrays.length).toBe(1 + layers.length * (16 + 4));
    expect(new Set(arrays.map(({ buffer }) => buffer)).size).toBe(arrays.length);
  });

  it('rejects an image of another size and an unknown class', async () => {
    await withModel(ELASTIC_MICRO, async (model) => {
      await expect(traceImage(model, new Float32Array(63), PREDICTED)).rejects.toThrow(/64 values; this one has 63/);
      for (const lossClass of [-1, 5, 0.5, NaN]) {
        const options = { gradients: true, lossClass };
        await expect(traceImage(model, randomImage(ELASTIC_MICRO, 1), options)).rejects.toThrow(RangeError);
      }
    });
  });

  it('leaves no tensor behind, also when it fails', async () => {
    await withModel(ELASTIC_MICRO, async (model) => {
      const before = tf.memory().numTensors;
      await traceImage(model, randomImage(ELASTIC_MICRO, 1), PREDICTED);
      await traceImage(model, randomImage(ELASTIC_MICRO, 1), { gradients: false, lossClass: 0 });
      await traceImage(model, new Float32Array(1), PREDICTED).catch(() => null);
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

describeOnEachBackend('the gradients at the taps', () => {
  const smooth = [
    'tokens',
    ...[0, 1].flatMap((i) => ['scores', 'attention', 'out', 'output'].map((s) => `blocks.${i}.${s}`)),
    'norm',
  ];

  it.each<[string, DeitConfig, readonly string[]]>([
    ['full precision', FULL_PRECISION_MICRO, smooth],
    // Only the stages after the last quantizer are smooth.
    ['binary', ELASTIC_MICRO, ['blocks.1.output', 'norm']],
  ])('agree with finite differences along a random direction: %s', async (_, config, stages) => {
    await withModel(config, (model) => {
      const input = tf.tensor4d(randomImage(config, 5), [1, config.inChannels, config.imageSize, config.imageSize]);
      const weights = tf.tensor2d([[1, -2, 0.5, 3, -1]]);
      const recorder = new StageRecorder({ gradients: true });
      const loss = (r: StageRecorder): tf.Scalar => tf.sum(tf.mul(model.forward(input, r), weights));
      tf.tidy(() => {
        valueAndGradients(() => loss(recorder), [input]);
      });

      for (const stage of stages) {
        const [value, gradient] = [recorder.values.get(stage), recorder.gradients.get(stage)];
        if (value === undefined || gradient === undefined) throw new Error(`${stage} was not recorded`);
        tf.tidy(() => {
          const rng = createRng(11);
          const direction = tf.tensor(
            Float32Array.from({ length: value.size }, () => rng.normal()),
            value.shape,
          );
          const shifted = (by: number): number => {
            const moved = { value: tf.add(value, tf.mul(direction, by)) };
            const probe = new StageRecorder({ substitutes: new Map([[stage, moved]]) });
            const result = loss(probe).dataSync()[0] ?? NaN;
            probe.dispose();
            return result;
          };
          const step = 2e-3;
          const measured = (shifted(step) - shifted(-step)) / (2 * step);
          const expected = tf.sum(tf.mul(gradient, direction)).dataSync()[0] ?? NaN;
          expect(Math.abs(measured - expected), stage).toBeLessThan(0.01 * Math.max(1, Math.abs(expected)));
        });
      }
      recorder.dispose();
      tf.dispose([input, weights]);
      return Promise.resolve();
    });
  });
});

describeOnEachBackend('the gradients of a trace', () => {
  const GRADIENTS = {
    q: 'gradQ',
    k: 'gradK',
    v: 'gradV',
    scores: 'gradScores',
    attention: 'gradAttention',
  } as const satisfies { readonly [Stage in keyof LayerTrace]?: keyof LayerTrace };

  /** Of logits [classes], in float64. */
  function lossOf(logits: Float32Array, { kind, classIndex }: Pick<TraceLoss, 'kind' | 'classIndex'>): number {
    const logit = logits[classIndex] ?? NaN;
    return kind === 'logit' ? logit : Math.log(logits.reduce((sum, each) => sum + Math.exp(each), 0)) - logit;
  }

  it.each(['logit', 'cross-entropy'] as const)('agree with finite differences of the %s', async (kind) => {
    await withModel(FULL_PRECISION_MICRO, async (model) => {
      const image = randomImage(FULL_PRECISION_MICRO, 5);
      const classIndex = 2;
      const { layers } = await traceImage(model, image, { gradients: true, loss: kind, lossClass: classIndex });
      const input = tf.tensor4d(image, [1, 1, 8, 8]);
      layers.forEach((layer, i) => {
        for (const [stage, name] of Object.entries(GRADIENTS)) {
          const value = layer[stage as keyof typeof GRADIENTS];
          const gradient = layer[name];
          if (value === null || gradient === null) throw new Error(`${stage} was not traced`);
          const shape = [1, 3, 5, value.length / 15];
          const rng = createRng(17);
          const direction = value.map(() => rng.normal());
          const shifted = (by: number): number => {
            const moved = tf.tensor(
              value.map((x, j) => x + by * (direction[j] ?? NaN)),
              shape,
            );
            const probe = new StageRecorder({ substitutes: new Map([[`blocks.${i}.${stage}`, { value: moved }]]) });
            const logits = model.forward(input, probe);
            const loss = lossOf(logits.dataSync<'float32'>(), { kind, classIndex });
            probe.dispose();
            tf.dispose([moved, logits]);
            return loss;
          };
          const step = 2e-3;
          const measured = (shifted(step) - shifted(-step)) / (2 * step);
          const expected = gradient.reduce((sum, slope, j) => sum + slope * (direction[j] ?? NaN), 0);
          expect(Math.abs(expected), `${stage} of block ${i}`).toBeGreaterThan(2e-3);
          expect(Math.abs(measured - expected), `${stage} of block ${i}`).toBeLessThan(
            2e-3 + 0.01 * Math.abs(expected),
          );
        }
      });
      input.dispose();
    });
  });

  it.each([
    ['full precision', FULL_PRECISION_MICRO],
    ['binary', ELASTIC_MICRO],
  ])('of the cross-entropy are those of the logits, weighted by p - onehot: %s', async (_, config) => {
    const target = 1;
    const { logits, layers } = await traceOf(config, { gradients: true, lossClass: target });
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const weights = [...logits].map((logit, c) => Math.exp(logit) / total - (c === target ? 1 : 0));
    const ofLogits: Trace[] = [];
    for (const c of weights.keys()) {
      ofLogits.push(await traceOf(config, { gradients: true, loss: 'logit', lossClass: c }));
    }
    layers.forEach((layer, i) => {
      for (const name of Object.values(GRADIENTS)) {
        const expected = new Float64Array(layer[name]?.length ?? 0);
        weights.forEach((weight, c) => {
          ofLogits[c]?.layers[i]?.[name]?.forEach((slope, j) => (expected[j] = (expected[j] ?? NaN) + weight * slope));
        });
        const largest = expected.reduce((max, slope) => Math.max(max, Math.abs(slope)), 0);
        expect(largest, `${name} of block ${i}`).toBeGreaterThan(0);
        layer[name]?.forEach((slope, j) =>
          expect(Math.abs(slope - (expected[j] ?? NaN))).toBeLessThan(1e-5 * Math.max(1, largest)),
        );
      }
    });
  });
});
