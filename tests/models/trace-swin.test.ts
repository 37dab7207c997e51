import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { parseCheckpoint } from '@/lib/checkpoints/parse-checkpoint';
import { registerKernels } from '@/lib/kernels/register';
import { keyTokens, layoutKeys, layoutRows, tokenOfRow } from '@/lib/math/attention-layout';
import { selectBackend, tf } from '@/lib/tf';
import { configOf } from '@/models/infer-config';
import type { Model } from '@/models/model';
import { createModel } from '@/models/create-model';
import { pathOf } from '@/models/packed';
import { randomWeights } from '@/models/random-weights';
import type { SwinConfig } from '@/models/architectures/swin/config';
import type { LayerTrace, Trace } from '@/models/trace';
import { traceImage } from '@/models/trace-image';
import { kernelBytes } from '@/tests/lib/kernels/kernel-suite';
import { describeOnEachBackend } from '@/tests/models/backends';
import { randomImage } from '@/tests/models/random-checkpoint';

const NAMES = ['swin_micro', 'official_bi_swin_micro'] as const;
const FORWARD = { gradients: false, lossClass: 'predicted' } as const;

const open = (name: string): Checkpoint =>
  parseCheckpoint(readFileSync(new URL(`../golden/${name}.safetensors`, import.meta.url)));

function floatsOf({ tensors }: Checkpoint, key: string): Float32Array | null {
  const tensor = tensors.get(key);
  if (tensor === undefined) return null;
  if (!(tensor.data instanceof Float32Array)) throw new Error(`${key} holds no floats`);
  return tensor.data;
}

async function withModel<T>(name: string, work: (model: Model, golden: Checkpoint) => Promise<T>): Promise<T> {
  const checkpoint = open(name);
  const model = createModel(configOf(checkpoint), checkpoint.tensors);
  try {
    return await work(model, open(`${name}.golden`));
  } finally {
    model.dispose();
  }
}

function imageOf(golden: Checkpoint): Float32Array {
  const image = floatsOf(golden, 'input');
  if (image === null) throw new Error('a golden without its input');
  return image;
}

/** PyTorch's [windows, H, n, m], read by indices of [H, windows * n, m]. */
function goldenAt(values: Float32Array, { heads, layout }: LayerTrace, columns: number) {
  const keys = layoutKeys(layout);
  const rows = layoutRows(layout);
  return (i: number): number => {
    const column = i % columns;
    const row = Math.floor(i / columns) % rows;
    const head = Math.floor(i / columns / rows);
    const window = Math.floor(row / keys);
    return values[((window * heads + head) * keys + (row % keys)) * columns + column] ?? NaN;
  };
}

function largestError(own: Float32Array, expected: (i: number) => number): number {
  return own.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected(i))), 0);
}

const blockNames = ({ blocks }: Model): readonly string[] =>
  blocks.filter(({ quantizers }) => quantizers !== null).map(({ name }) => name);

describeOnEachBackend('a trace of a Swin', () => {
  const STAGES = {
    scores: 'scores',
    attention: 'attention',
    attention_binary: 'attentionBinary',
    q_binary: 'qBinary',
    k_binary: 'kBinary',
    v_binary: 'vBinary',
  } as const satisfies { readonly [stage: string]: keyof LayerTrace };

  it.each(NAMES)('of %s has PyTorch’s maps, head by head and window by window', async (name) => {
    await withModel(name, async (model, golden) => {
      const { layers, logits } = await traceImage(model, imageOf(golden), FORWARD);
      expect(layers).toHaveLength(blockNames(model).length);
      for (const [i, layer] of layers.entries()) {
        for (const [stage, key] of Object.entries(STAGES)) {
          const expected = floatsOf(golden, `${blockNames(model)[i]}.${stage}`);
          const own = layer[key];
          expect(own?.length, `${stage} of layer ${i}`).toBe(expected?.length);
          if (own === null || expected === null) continue;
          const columns = own.length / (layer.heads * layoutRows(layer.layout));
          expect(largestError(own, goldenAt(expected, layer, columns)), `${stage} of ${i}`).toBeLessThan(1e-4);
        }
        const output = floatsOf(golden, `${blockNames(model)[i]}.output`);
        expect(largestError(layer.output, (i) => output?.[i] ?? NaN)).toBeLessThan(1e-4);
      }
      expect(largestError(logits, (i) => floatsOf(golden, 'logits')?.[i] ?? NaN)).toBeLessThan(1e-4);
    });
  });

  it.each(NAMES)(
    'of %s has PyTorch’s gradients: those of the logits, weighted as its loss weighs them',
    async (name) => {
      await withModel(name, async (model, golden) => {
        const weights = floatsOf(golden, 'logits_cotangent') ?? new Float32Array(0);
        const traces: Trace[] = [];
        for (const lossClass of weights.keys())
          traces.push(await traceImage(model, imageOf(golden), { gradients: true, loss: 'logit', lossClass }));
        const compared: string[] = [];
        for (const [i, block] of blockNames(model).entries()) {
          for (const [stage, key] of [
            ['scores', 'gradScores'],
            ['attention', 'gradAttention'],
            ['attention_binary', 'gradAttentionBinary'],
          ] as const) {
            const expected = floatsOf(golden, `${block}.grad.${stage}`);
            const layer = traces[0]?.layers[i];
            if (expected === null || layer === undefined) continue;
            const sum = new Float32Array(expected.length);
            weights.forEach((weight, c) =>
              traces[c]?.layers[i]?.[key]?.forEach((slope, at) => (sum[at] = (sum[at] ?? NaN) + weight * slope)),
            );
            const largest = expected.reduce((max, slope) => Math.max(max, Math.abs(slope)), 0);
            const error = largestError(sum, goldenAt(expected, layer, layoutKeys(layer.layout)));
            expect(error, `${stage} of layer ${i}`).toBeLessThan(1e-3 * Math.max(largest, 1e-30)); // one vanishes to denormals
            compared.push(key);
          }
        }
        expect(compared).toHaveLength(blockNames(model).length * (name === 'swin_micro' ? 2 : 3));
      });
    },
  );

  it('says which tokens its rows and columns are, and masks only pairs that the shift brought together', async () => {
    await withModel('swin_micro', async (model, golden) => {
      const { layers, numTokens } = await traceImage(model, imageOf(golden), FORWARD);
      expect(numTokens).toBe(64);
      expect(layers.map(({ layout }) => layout)).toEqual([
        { classTokens: 0, gridSide: 8, window: { size: 4, shift: 0 } },
        { classTokens: 0, gridSide: 8, window: { size: 4, shift: 2 } },
        { classTokens: 0, gridSide: 4, window: { size: 4, shift: 0 } },
        { classTokens: 0, gridSide: 4, window: { size: 4, shift: 0 } },
      ]);
      const shifted = layers[1];
      if (shifted === undefined) throw new Error('no second layer');
      const { layout, scores } = shifted;
      const keys = layoutKeys(layout);
      for (let row = 0; row < layoutRows(layout); row++) {
        const query = tokenOfRow(layout, row);
        keyTokens(layout, row).forEach((token, column) => {
          // Tokens that the shift brought together from opposite edges are more than a window apart.
          const apart = (a: number, b: number) => Math.abs(a - b) >= 4;
          const isForbidden = apart(Math.floor(query / 8), Math.floor(token / 8)) || apart(query % 8, token % 8);
          expect((scores[row * keys + column] ?? NaN) < -50, `${query} at ${token}`).toBe(isForbidden);
        });
      }
    });
  });

  it('leaves no tensor behind, with gradients and without', async () => {
    const before = tf.memory().numTensors;
    for (const name of NAMES) {
      await withModel(name, async (model, golden) => {
        const loaded = tf.memory().numTensors;
        await traceImage(model, imageOf(golden), { gradients: true, lossClass: 'predicted' });
        await traceImage(model, imageOf(golden), FORWARD);
        expect(tf.memory().numTensors).toBe(loaded);
      });
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a packed trace of a Swin', () => {
  const CONFIG: SwinConfig = {
    architecture: 'swin',
    quantization: 'bi-vit-elastic',
    imageSize: 32,
    patchSize: 4,
    inChannels: 3,
    embedDim: 32,
    depths: [2, 2],
    numHeads: [2, 4],
    windowSize: 4,
    mlpRatio: 2,
    numClasses: 10,
    normEps: 1e-5,
  };

  beforeAll(async () => {
    await selectBackend('wasm');
    await registerKernels(await kernelBytes());
  });

  it('equals the float path’s', async () => {
    const model = createModel(CONFIG, randomWeights(CONFIG, 7));
    expect(pathOf(model)).toEqual({ kind: 'packed' });
    const image = randomImage(CONFIG, 3);
    const packed = await traceImage(model, image, FORWARD);
    const float = await traceImage(model, image, { ...FORWARD, path: 'float' });
    model.dispose();
    expect(packed.layers).toHaveLength(4);
    expect(packed.numTokens).toBe(float.numTokens);
    packed.layers.forEach((layer, i) => {
      const other = float.layers[i];
      expect([layer.heads, layer.layout]).toEqual([other?.heads, other?.layout]);
      for (const key of [
        'qBinary',
        'kBinary',
        'vBinary',
        'scores',
        'attention',
        'attentionBinary',
        'output',
      ] as const) {
        expect(layer[key]?.length).toBe(other?.[key]?.length);
        expect(largestError(layer[key] ?? new Float32Array(0), (i) => other?.[key]?.[i] ?? NaN)).toBeLessThan(1e-4);
      }
    });
  });
});
