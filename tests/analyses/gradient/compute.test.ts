import type { MemberId } from '@/models/families/family';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { tf } from '@/lib/tf';
import type { HeadFlow } from '@/lib/metrics/gradient-flow';
import { analyzeGradients, flowOf } from '@/analyses/gradient/compute';
import { type Trace } from '@/engine/protocol';
import { MODEL_IDS } from '@/tests/fashion-mnist';
import type { LayerTrace } from '@/models/trace';
import {
  closeFamily,
  contextOf,
  imageOf,
  openGolden,
  openSamples,
  startFamily,
  type Family,
} from '@/tests/analyses/family-context';

const [HEADS, TOKENS, SIZE] = [4, 50, 16];
const samples = openSamples();
let family: Family = new Map();

beforeAll(async () => {
  family = await startFamily();
});
afterAll(() => closeFamily(family));

/** The definitions, entry by entry. */
function norm(values: Float32Array | null, head: number): number {
  const size = (values?.length ?? NaN) / HEADS;
  let sum = 0;
  for (let i = head * size; i < (head + 1) * size; i++) sum += Number(values?.[i]) ** 2;
  return Math.sqrt(sum);
}

function inside(values: Float32Array | null, head: number, passes: (x: number) => boolean): number {
  const size = (values?.length ?? NaN) / HEADS;
  let passed = 0;
  for (let i = head * size; i < (head + 1) * size; i++) if (passes(Number(values?.[i]))) passed++;
  return passed / size;
}

function parameter(id: MemberId, key: string): readonly number[] {
  return [...(family.get(id)?.parameters.get(key)?.dataSync<'float32'>() ?? [])];
}

function expectClose(actual: number | null | undefined, expected: number): void {
  expect(Math.abs(Number(actual) - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
}

function everyHead(
  flow: readonly (readonly HeadFlow[])[],
  look: (cell: HeadFlow, layer: number, head: number) => void,
) {
  expect(flow.map((heads) => heads.length)).toEqual([4, 4, 4, 4]);
  flow.forEach((heads, layer) => heads.forEach((cell, head) => look(cell, layer, head)));
}

describe('the gradient study', () => {
  it.each([3, 9])('is what the definitions give entry by entry, for every model: image %i', async (index) => {
    const sample = samples[index];
    if (sample === undefined) throw new Error('no such sample');
    const steps: string[] = [];
    const study = await analyzeGradients({ target: sample.label }, contextOf(family, imageOf(sample), steps));
    expect(Object.keys(study.models)).toEqual([...MODEL_IDS]);
    expect(steps).toHaveLength(MODEL_IDS.length);
    for (const id of MODEL_IDS) {
      const { loss, trace, flow } = study.models[id] ?? fail();
      expect(loss).toMatchObject({ kind: 'cross-entropy', classIndex: sample.label });
      everyHead(flow, (cell, layer, head) => {
        const traced = trace.layers[layer] ?? fail();
        expectClose(cell.gradScores, norm(traced.gradScores, head));
        expectClose(cell.gradAttention, norm(traced.gradAttention, head));
        expectClose(cell.gradQ, norm(traced.gradQ, head));
        const slopes = traced.attention.map((p) => p * (1 - p)).subarray(head * TOKENS ** 2, (head + 1) * TOKENS ** 2);
        const slope = slopes.reduce((sum, each) => sum + each, 0) / TOKENS ** 2;
        expect(cell.softmaxSlope).toBeCloseTo(slope, 6);
        if (id === 'teacher') {
          expect(cell.gradAttentionBinary).toBeNull();
          expect(cell.passShare).toEqual({ q: null, k: null, v: null, attention: null });
          return;
        }
        expectClose(cell.gradAttentionBinary, norm(traced.gradAttentionBinary, head));
        for (const place of ['q', 'k', 'v'] as const) {
          const alpha = parameter(id, `blocks.${layer}.attn.${place}_act.alpha`)[head] ?? NaN;
          expectClose(
            cell.passShare[place],
            inside(traced[place], head, (x) => Math.abs(x) <= alpha),
          );
        }
        const alpha = parameter(id, `blocks.${layer}.attn.attn_act.alpha`)[head] ?? NaN;
        expectClose(
          cell.passShare.attention,
          inside(traced.attention, head, (p) => p >= 0 && p <= alpha),
        );
      });
    }
  });

  it('takes each model’s own prediction where that was asked for', async () => {
    const sample = samples[9] ?? fail();
    const { models } = await analyzeGradients({ target: 'predicted' }, contextOf(family, imageOf(sample)));
    for (const id of MODEL_IDS) {
      const { loss, trace } = models[id] ?? fail();
      expect(loss.classIndex).toBe(trace.logits.indexOf(Math.max(...trace.logits)));
    }
  });

  it('studies the models that are loaded, and leaves no tensor behind', async () => {
    const teacher = family.get('teacher') ?? fail();
    const before = tf.memory().numTensors;
    const { models } = await analyzeGradients(
      { target: 0 },
      contextOf(new Map([['teacher', teacher]]), imageOf(samples[0] ?? fail())),
    );
    expect(Object.keys(models)).toEqual(['teacher']);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a trace without gradients', async () => {
    const context = contextOf(family, imageOf(samples[0] ?? fail()));
    const trace = await context.trace('bi-vit', { gradients: false, lossClass: 0 });
    expect(() => flowOf(trace)).toThrow(RangeError);
  });
});

/**
 * A golden holds PyTorch's gradients of sum_c w_c logit_c. Backward passes are linear, straight-through ones too: the same sum of the
 * traces of the ten logits must give them.
 */
describe.each(MODEL_IDS)('the traced gradients of %s', (id) => {
  it('add up to those of PyTorch, and so do the norms', async () => {
    const golden = openGolden(id);
    const weights = floats(golden, 'logits_cotangent');
    const context = contextOf(family, floats(golden, 'input'));
    const traces: Trace[] = [];
    for (const lossClass of weights.keys()) {
      traces.push(await context.trace(id, { gradients: true, loss: 'logit', lossClass }));
    }
    const [first = fail()] = traces;
    const summed = { ...first, layers: first.layers.map((layer, i) => sumOf(layer, weights, traces, i)) };
    everyHead(flowOf(summed), (cell, layer, head) => {
      const at = (stage: string) => floats(golden, `blocks.${layer}.grad.${stage}`);
      expectAlike(cell.gradScores, norm(at('scores'), head));
      expectAlike(cell.gradAttention, norm(at('attention'), head));
      if (id === 'teacher') return;
      expectAlike(cell.gradAttentionBinary ?? NaN, norm(at('attention_binary'), head));
      // The golden has dL/dq behind the quantizer; before it only what lies inside the window is left.
      const alpha = parameter(id, `blocks.${layer}.attn.q_act.alpha`)[head] ?? NaN;
      const q = first.layers[layer]?.q ?? fail();
      const passed = at('q_binary').map((slope, i) => (Math.abs(q[i] ?? NaN) <= alpha ? slope : 0));
      expectAlike(cell.gradQ, norm(passed, head));
    });
    expect(first.layers[0]?.q).toHaveLength(HEADS * TOKENS * SIZE);
  });
});

const GRADIENTS = ['gradScores', 'gradAttention', 'gradAttentionBinary', 'gradQ'] as const;

function sumOf(layer: LayerTrace, weights: Float32Array, traces: readonly Trace[], index: number): LayerTrace {
  const sums = GRADIENTS.map((name) => {
    if (layer[name] === null) return [name, null] as const;
    const sum = new Float64Array(layer[name].length);
    traces.forEach((trace, c) => {
      trace.layers[index]?.[name]?.forEach((slope, i) => (sum[i] = (sum[i] ?? NaN) + (weights[c] ?? NaN) * slope));
    });
    return [name, Float32Array.from(sum)] as const;
  });
  return { ...layer, ...(Object.fromEntries(sums) as Pick<LayerTrace, (typeof GRADIENTS)[number]>) };
}

function expectAlike(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-4 * expected + 1e-9);
}

function floats({ tensors }: Checkpoint, key: string): Float32Array {
  const data = tensors.get(key)?.data;
  if (!(data instanceof Float32Array)) throw new Error(`the golden has no ${key}`);
  return data;
}

function fail(): never {
  throw new Error('what the test needs is not there');
}
