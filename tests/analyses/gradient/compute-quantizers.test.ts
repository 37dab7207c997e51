/** The quantizers of one head on the embedded family, against the models' own parameters and traces. */
import type { MemberId } from '@/models/families/family';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tf } from '@/lib/tf';
import { analyzeQuantizers } from '@/analyses/gradient/compute-quantizers';
import { BINARIZER_RECORDS } from '@/lib/quantizers/attention/records';
import type { QuantizerView } from '@/lib/quantizers/quantizer-view';
import { BLOCK_LINEARS } from '@/models/families/latents';
import { traceImage } from '@/models/trace-image';
import {
  closeFamily,
  contextOf,
  imageOf,
  openSamples,
  startFamily,
  type Family,
} from '@/tests/analyses/family-context';

const [LAYER, HEAD] = [1, 2];
const picture = openSamples().slice(9, 10).map(imageOf)[0] ?? new Float32Array();
let family: Family;

beforeAll(async () => {
  family = await startFamily(['teacher', 'baseline', 'bi-vit']);
});
afterAll(() => closeFamily(family));

async function study(modelId: MemberId): Promise<ReadonlyMap<string, QuantizerView>> {
  const { quantizers } = await analyzeQuantizers({ modelId, layer: LAYER, head: HEAD }, contextOf(family, picture));
  return new Map(quantizers.map((view) => [view.id, view]));
}

function find(views: ReadonlyMap<string, QuantizerView>, id: string): QuantizerView {
  const view = views.get(id);
  if (view === undefined) throw new Error(`no quantizer ${id}`);
  return view;
}

// Elastic is the model's own, or what a teacher's would be.
const ELSEWHERE = BINARIZER_RECORDS.flatMap(({ id, binarizes }) =>
  binarizes === 'q and k' ? [`${id}-q`, `${id}-k`] : id === 'elastic' ? [] : [id],
);

describe('the quantizers of a head', () => {
  it('are all there, each once, with curves over all of their inputs and histograms that add up', async () => {
    for (const id of ['teacher', 'baseline', 'bi-vit'] as const) {
      const views = await study(id);
      const linears = BLOCK_LINEARS.flatMap((linear) => [`${linear}-input`, `${linear}-weight`]);
      expect([...views.keys()].sort()).toEqual([...linears, 'q', 'k', 'v', 'attention', ...ELSEWHERE].sort());
      for (const { curve, inputs, whyNoInputs, name, equation, source } of views.values()) {
        const { x, forward, surrogate } = curve;
        expect(x.length).toBeGreaterThanOrEqual(501);
        expect([forward.length, surrogate.length]).toEqual([x.length, x.length]);
        expect([name, equation, source].every((text) => text.length > 3)).toBe(true);
        if (inputs === null) throw new Error(String(whyNoInputs));
        const { counts, edges, outside, total, insideShare } = inputs;
        expect(edges).toHaveLength(counts.length + 1);
        expect(counts.reduce((sum, each) => sum + each, outside)).toBe(total);
        expect(insideShare).toBeGreaterThanOrEqual(0);
        expect(insideShare).toBeLessThanOrEqual(1);
        expect(Number(x[0])).toBeLessThanOrEqual(Number(edges[0]) + 1e-6);
        expect(Number(x.at(-1))).toBeGreaterThanOrEqual(Number(edges.at(-1)) - 1e-6);
      }
    }
  });

  it('have the share inside that the traced q, k, v and attention give, at the student’s own scales', async () => {
    for (const id of ['baseline', 'bi-vit'] as const) {
      const model = family.get(id);
      if (model === undefined) throw new Error(id);
      const layer = (await traceImage(model, picture, { gradients: true, lossClass: 0 })).layers[LAYER];
      const views = await study(id);
      for (const stage of ['q', 'k', 'v', 'attention'] as const) {
        const all = layer?.[stage] ?? new Float32Array();
        const values = all.subarray((HEAD * all.length) / 4, ((HEAD + 1) * all.length) / 4);
        const parameters = layer?.quantizers?.[stage];
        if (parameters === undefined || !('alpha' in parameters)) throw new Error('a student quantizes');
        const alpha = parameters.alpha[HEAD] ?? NaN;
        const { parameters: shown, inputs } = find(views, stage);
        expect(shown[0]?.value).toBe(alpha);
        const inside = values.filter((x) => Math.abs(x) <= alpha).length; // attention is not negative
        expect(inputs?.insideShare).toBeCloseTo(inside / values.length, 12);
        expect(inputs?.total).toBe(values.length);
      }
    }
  });

  it('draws the baseline’s attention with its threshold at one half, and Bi-ViT’s with the one that it learned', async () => {
    const baseline = find(await study('baseline'), 'attention');
    const { x, forward } = baseline.curve;
    const on = [...x].filter((_, i) => forward[i] !== 0);
    expect(baseline.parameters[0]?.value).toBe(1);
    expect(Math.min(...on)).toBeCloseTo(0.5, 5);
    expect(find(await study('bi-vit'), 'attention').parameters[0]?.value).toBeLessThan(0.1);
  });

  it('count a student’s latent weights as trained, a teacher’s as they are, and say which', async () => {
    const student = find(await study('bi-vit'), 'fc1-weight');
    expect(student.inputs).toMatchObject({ total: 16384, insideShare: 1 });
    expect(student.inputs?.what).toMatch(/latent weights of fc1 in layer 2 .*only/);
    const teacher = find(await study('teacher'), 'fc1-weight');
    expect(teacher.inputs?.what).toMatch(/weights of fc1 in layer 2; this model quantizes nothing/);
    const weight = await family.get('teacher')?.parameters.get('blocks.1.mlp.fc1.weight')?.data();
    const mean = [...(weight ?? [])].reduce((sum, w) => sum + Math.abs(w), 0) / (weight?.length ?? NaN);
    expect(teacher.parameters[0]?.value).toBeCloseTo(mean, 6);
  });

  it('have no latent weights, and say why, where those cannot be had or the model is not the shipped one', async () => {
    const request = { modelId: 'bi-vit', layer: LAYER, head: HEAD } as const;
    const context = contextOf(family, picture);
    const altered = (descriptor: PropertyDescriptorMap) => Object.create(context, descriptor) as typeof context;
    const weights = async (from: typeof context) =>
      (await analyzeQuantizers(request, from)).quantizers.filter(({ slot }) => slot === 'weight');
    for (const view of await weights(altered({ latents: { value: () => Promise.resolve(null) } }))) {
      expect(view.inputs).toBeNull();
      expect(view.whyNoInputs).toMatch(/could not be loaded/);
      expect(view.curve.x.length).toBeGreaterThan(500);
    }
    const another = family.get('baseline');
    for (const view of await weights(altered({ model: { value: () => another } }))) {
      expect(view.inputs).toBeNull();
      expect(view.whyNoInputs).toMatch(/only the signs/);
    }
  });

  it('leave no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await study('teacher');
    await study('bi-vit');
    expect(tf.memory().numTensors).toBe(before);
  });
});
