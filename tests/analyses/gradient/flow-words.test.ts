import type { GradientStudy, ModelGradients } from '@/analyses/gradient/protocol';
import { describe, expect, it } from 'vitest';
import { FAMILY } from '@/tests/fashion-mnist';
import { byHead, byLayer, flatSlope, FLOW, flowSeries, layerMean, modelsOf } from '@/analyses/gradient/flow-quantity';
import { flowSentences, valuesAt } from '@/analyses/gradient/flow-words';
import type { HeadFlow } from '@/lib/metrics/gradient-flow';
import { makeTrace } from '../../components/fake-app';

const flow = (gradQ: number, q: number | null): HeadFlow => ({
  gradScores: 0,
  gradAttention: 1,
  gradAttentionBinary: null,
  gradQ,
  passShare: { q, k: q, v: q, attention: q },
  softmaxSlope: 0.01,
});
const trace = makeTrace(1, null);
const model = (heads: readonly (readonly HeadFlow[])[]): ModelGradients => ({
  loss: { kind: 'cross-entropy', classIndex: 0, value: 1 },
  // Two classes alike: p = (1/2, 1/2), so the gradient at the logits has norm sqrt(1/2).
  trace: { ...trace, logits: Float32Array.of(0, 0) },
  flow: heads,
});
const study: GradientStudy = {
  models: {
    teacher: model([
      [flow(4, null), flow(8, null)],
      [flow(1, null), flow(1, null)],
    ]),
    baseline: model([
      [flow(1, 0.2), flow(3, 0.4)],
      [flow(0, 0), flow(0, 0.5)],
    ]),
  },
};

describe('the numbers of gradient flow', () => {
  it('come in the order of the study, one for each layer, as the mean over its heads', () => {
    expect(modelsOf(study)).toEqual(['teacher', 'baseline']);
    const series = flowSeries(study, FLOW.gradQ, 'recorded', byLayer(FLOW.gradQ));
    expect(series.map(({ id, values }) => [id, values])).toEqual([
      ['teacher', [6, 1]],
      ['baseline', [2, 0]],
    ]);
  });

  it('come one for each head of a layer', () => {
    const series = flowSeries(study, FLOW.passQ, 'recorded', byHead(FLOW.passQ, 0));
    expect(series.map(({ values }) => values)).toEqual([
      [null, null],
      [0.2, 0.4],
    ]);
    expect(flowSeries(study, FLOW.passQ, 'recorded', byHead(FLOW.passQ, 9))[0]?.values).toEqual([]);
  });

  it('are undefined for a layer where a head is, and for no heads', () => {
    expect(layerMean([flow(1, 0.5), flow(1, null)], FLOW.passQ)).toBeNull();
    expect(layerMean([], FLOW.gradQ)).toBeNull();
  });

  it('are divided by the gradient at the logits where they are norms, and only there', () => {
    const relative = flowSeries(study, FLOW.gradQ, 'logits', byLayer(FLOW.gradQ));
    expect(relative[0]?.values[0]).toBeCloseTo(6 / Math.SQRT1_2, 12);
    expect(relative[1]?.values[1]).toBe(0);
    expect(flowSeries(study, FLOW.passQ, 'logits', byHead(FLOW.passQ, 0))[1]?.values).toEqual([0.2, 0.4]);
  });

  it('are undefined, not infinite, in a unit that is undefined', () => {
    const baseline = study.models.baseline;
    if (baseline === undefined) throw new Error('the fake has one');
    const broken = { ...baseline, trace: { ...baseline.trace, logits: Float32Array.of(NaN, 0) } };
    const series = flowSeries({ models: { baseline: broken } }, FLOW.gradQ, 'logits', byLayer(FLOW.gradQ));
    expect(series[0]?.values).toEqual([null, null]);
  });
});

describe('the sentence under the flow', () => {
  const where = 'In layer 1';
  const say = (
    id: keyof typeof FLOW,
    values: Parameters<typeof flowSentences>[1]['values'],
    unit = 'recorded' as const,
  ) => flowSentences(FLOW[id], { where, values, unit, keys: FAMILY.tokens });

  it('says what share of entries lets a gradient through, before and after each cure', () => {
    expect(say('passQ', { teacher: null, baseline: 0.25, scaling: 0.88, ranking: 0.251, 'bi-vit': 0.9 })).toBe(
      'In layer 1, 25\u202f% of the baseline’s q entries let a gradient through; with the scaling factor 88\u202f%, ' +
        'with ranking-aware distillation 25\u202f% and with both 90\u202f%. ' +
        'The other entries get a gradient of exactly 0: training cannot move them.',
    );
  });

  it('speaks of no clipped entries where there are none', () => {
    expect(say('passAttention', { baseline: 1 })).toBe(
      'In layer 1, 100\u202f% of the baseline’s attention entries let a gradient through.',
    );
  });

  it('compares a norm with the teacher’s, and calls a true zero one', () => {
    const text = say('gradQ', { teacher: 0.2, baseline: 0, scaling: 0.1, ranking: 0.2, 'bi-vit': 0.5 });
    expect(text).toContain('norm 0.2 in the teacher');
    expect(text).toContain('in the baseline exactly 0: nothing arrives');
    expect(text).toContain('with the scaling factor 0.1 (2 times smaller)');
    expect(text).toContain('with ranking-aware distillation 0.2 (as in the teacher)');
    expect(text).toContain('with both 0.5 (2.5 times the teacher’s)');
  });

  it('leaves out models that are not loaded, and a comparison with a teacher that has no number', () => {
    expect(say('gradQ', { baseline: 0.1 })).toBe(
      'In layer 1, the gradient that reaches q has norm: in the baseline 0.1.',
    );
    expect(say('gradQ', { teacher: 0, baseline: 0.1 })).toContain('in the baseline 0.1.');
  });

  it('has nothing to say where no student has a number', () => {
    expect(say('passQ', { teacher: null })).toBeNull();
    expect(say('gradQ', { teacher: 1 })).toBeNull();
    expect(say('softmaxSlope', {})).toBeNull();
  });

  it('gives the softmax’s slope as a part of the steepest', () => {
    expect(
      say('softmaxSlope', { teacher: flatSlope(FAMILY.tokens), baseline: flatSlope(FAMILY.tokens) / 2 }),
    ).toContain('in the teacher 100\u202f% and in the baseline 50\u202f%');
  });

  it('takes its values from the series, undefined ones as such', () => {
    const series = flowSeries(study, FLOW.passQ, 'recorded', byLayer(FLOW.passQ));
    expect(valuesAt(series, 1)).toEqual({ teacher: null, baseline: 0.25 });
    expect(valuesAt(series, 7)).toEqual({ teacher: null, baseline: null });
  });
});
