import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeRollout, relevanceOf } from '@/analyses/attribution/compute';
import { type Trace } from '@/engine/protocol';
import { MODEL_IDS } from '@/tests/fashion-mnist';
import {
  closeFamily,
  contextOf,
  imageOf,
  openSamples,
  startFamily,
  type Family,
} from '@/tests/analyses/family-context';

const [HEADS, TOKENS] = [4, 50];
const samples = openSamples();
let family: Family = new Map();

beforeAll(async () => {
  family = await startFamily();
});
afterAll(() => closeFamily(family));

function fail(): never {
  throw new Error('what the test needs is not there');
}

const context = (index: number) => contextOf(family, imageOf(samples[index] ?? fail()));

type Matrix = readonly (readonly number[])[];

/** mean_h weigh(A_h, G_h) + I, then the product of all layers, later ones from the left; rows of each divided by their sum or not. */
function multiplyThrough(
  maps: readonly { readonly values: Float32Array; readonly gradient: Float32Array }[],
  weigh: (value: number, slope: number) => number,
  normalized: boolean,
): Matrix {
  const indices = Array.from({ length: TOKENS }, (_, i) => i);
  let product: Matrix = indices.map((i) => indices.map((j) => Number(i === j)));
  for (const { values, gradient } of maps) {
    const mixed = indices.map((i) => {
      const row = indices.map((j) => {
        let sum = 0;
        for (let head = 0; head < HEADS; head++) {
          const place = (head * TOKENS + i) * TOKENS + j;
          sum += weigh(values[place] ?? NaN, gradient[place] ?? NaN);
        }
        return sum / HEADS + Number(i === j);
      });
      const total = normalized ? row.reduce((a, b) => a + b, 0) : 1;
      return row.map((value) => value / total);
    });
    const before = product;
    product = mixed.map((row) =>
      indices.map((j) => row.reduce((sum, value, k) => sum + value * (before[k]?.[j] ?? NaN), 0)),
    );
  }
  return product;
}

function expectMatrix(actual: Float32Array | null, expected: Matrix): void {
  const largest = Math.max(...expected.flat().map(Math.abs));
  expect(actual).toHaveLength(TOKENS ** 2);
  expected.flat().forEach((value, i) => expect(Math.abs((actual?.[i] ?? NaN) - value)).toBeLessThan(1e-6 * largest));
}

describe('the rollout study', () => {
  it.each([
    ['softmaxed', 3],
    ['binarized', 3],
    ['softmaxed', 9],
    ['binarized', 9],
  ] as const)('multiplies the %s attention of every model through, by definition: image %i', async (map, index) => {
    const target = samples[index]?.label ?? fail();
    const { models } = await analyzeRollout({ target, map }, context(index));
    expect(Object.keys(models)).toEqual([...MODEL_IDS]);
    for (const id of MODEL_IDS) {
      const { layers } = await context(index).trace(id, { gradients: true, loss: 'logit', lossClass: target });
      const isBinary = map === 'binarized' && id !== 'teacher';
      const maps = layers.map((layer) => ({
        values: (isBinary ? layer.attentionBinary : layer.attention) ?? fail(),
        gradient: (isBinary ? layer.gradAttentionBinary : layer.gradAttention) ?? fail(),
      }));
      const { classIndex, rollout, gradientRollout } = models[id] ?? fail();
      expect(classIndex).toBe(target);
      expectMatrix(
        rollout,
        multiplyThrough(maps, (value) => value, true),
      );
      expectMatrix(
        gradientRollout,
        multiplyThrough(maps, (value, slope) => Math.max(0, value * slope), false),
      );
    }
  });

  it('looks at the class that each model predicts itself, and says which', async () => {
    const { models } = await analyzeRollout({ target: 'predicted', map: 'softmaxed' }, context(9));
    for (const id of MODEL_IDS) {
      const { logits } = await context(9).trace(id, { gradients: false, lossClass: 0 });
      expect(models[id]?.classIndex).toBe(logits.indexOf(Math.max(...logits)));
    }
  });

  it('is another one for another class, where gradients weigh it, and the same where they do not', async () => {
    const [one, other] = [
      await analyzeRollout({ target: 0, map: 'softmaxed' }, context(9)),
      await analyzeRollout({ target: 9, map: 'softmaxed' }, context(9)),
    ];
    expect(one.models['bi-vit']?.rollout).toEqual(other.models['bi-vit']?.rollout);
    expect(one.models['bi-vit']?.gradientRollout).not.toEqual(other.models['bi-vit']?.gradientRollout);
  });

  it('gives null, not numbers, where a layer is not finite', async () => {
    const trace = await context(9).trace('bi-vit', { gradients: true, loss: 'logit', lossClass: 0 });
    const [first = fail(), ...rest] = trace.layers;
    const broken: Trace = { ...trace, layers: [{ ...first, attention: first.attention.map(() => NaN) }, ...rest] };
    expect(relevanceOf(broken, 'softmaxed')).toEqual({ classIndex: 0, rollout: null, gradientRollout: null });
  });

  it('takes the gradient of a logit and of nothing else', async () => {
    const ofLoss = await context(9).trace('bi-vit', { gradients: true, lossClass: 0 });
    const without = await context(9).trace('bi-vit', { gradients: false, lossClass: 0 });
    for (const trace of [ofLoss, without]) expect(() => relevanceOf(trace, 'softmaxed')).toThrow(RangeError);
  });
});
