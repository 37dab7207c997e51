import { describe, expect, it } from 'vitest';
import { remark } from '@/analyses/gradient/microscope-numbers';
import { largestDifference, microscopeRow, quantizerInputs, roundedAlpha } from '@/analyses/gradient/microscope-row';
import { headOf } from '@/components/analysis/trace-row';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { softmaxCurve, softmaxMicroscope } from '@/lib/metrics/softmax-microscope';
import { makeTrace } from '../../components/fake-app';

const trace = makeTrace(1, null);
const size = trace.numTokens;
const layers = trace.layers.map((layer) => ({
  ...layer,
  // Each entry says its own place.
  gradAttention: Float32Array.from(layer.scores, (_, index) => index),
  gradScores: Float32Array.from(layer.scores, (_, index) => -index),
}));

describe('microscopeRow', () => {
  it('cuts the row of one query in one head out of every stage', () => {
    const row = microscopeRow({ ...trace, layers }, { layer: 1, head: 2, query: 3 }, DEFAULT_FAMILY);
    const start = (2 * size + 3) * size;
    expect(row?.gradAttention).toEqual(Float32Array.from({ length: size }, (_, key) => start + key));
    expect(row?.gradScores[1]).toBe(-(start + 1));
    expect([row?.keys[0], row?.keys[1], row?.self, row?.breaks.length]).toEqual(['CLS', 'patch (1, 1)', 3, 7]);
    expect(row?.scores).toEqual(trace.layers[1]?.scores.slice(start, start + size));
  });

  it('has none without gradients, or without the layer', () => {
    expect(microscopeRow(trace, { layer: 0, head: 0, query: 0 }, DEFAULT_FAMILY)).toBeNull();
    expect(microscopeRow({ ...trace, layers }, { layer: 9, head: 0, query: 0 }, DEFAULT_FAMILY)).toBeNull();
  });

  it('cuts one head of what a quantizer takes in', () => {
    expect(headOf(Float32Array.of(1, 2, 3, 4, 5, 6), 1, 3)).toEqual(Float32Array.of(3, 4));
    const layer = { ...layers[0], q: Float32Array.of(1, 2, 3, 4) } as Parameters<typeof quantizerInputs>[0];
    expect(quantizerInputs(layer, 'q', 1, 2)).toEqual(Float32Array.of(3, 4));
    expect(quantizerInputs({ ...layer, k: null }, 'k', 1, 2)).toBeNull();
  });

  it('finds the largest difference, and says where there is none to find', () => {
    expect(largestDifference([1, 2, 3], [1, 2.5, 2.9])).toBeCloseTo(0.5);
    expect(largestDifference([1, NaN], [1, 2])).toBeNull();
  });

  it('keeps alpha in its range, to three digits', () => {
    expect([0, 0.01234, 1, 1234].map((alpha) => roundedAlpha(alpha, { min: 0.01, max: 100 }))).toEqual([
      0.01, 0.0123, 1, 100,
    ]);
  });
});

describe('the remark under the microscope', () => {
  const alphas = Array.from({ length: 41 }, (_, i) => 10 ** (-2 + i / 10));
  const say = (scores: readonly number[], gradient: readonly number[], alpha: number): string => {
    const row = {
      scores: Float32Array.from(scores),
      gradAttention: Float32Array.from(gradient),
      gradScores: Float32Array.from(softmaxMicroscope(scores, gradient, 1)?.gradScores ?? []),
      keys: scores.map(String),
      self: 0,
      breaks: [],
    };
    const seen = softmaxMicroscope(row.scores, row.gradAttention, alpha);
    const curve = softmaxCurve(row.scores, row.gradAttention, alphas);
    if (seen === null || curve === null) throw new Error('the row is finite');
    return remark(seen, row, alpha, curve, curve.gradScoresPeak?.index === alphas.length - 1);
  };

  it('holds the model’s own row against what was recorded', () => {
    expect(say([0, 1, 2], [1, 0, -1], 1)).toMatch(
      /no entry differs by more than \S+.*, measured here\. Most gets through/,
    );
  });

  it('says how much of the most is left, and where most keys are alive', () => {
    const text = say([0, 1, 2], [1, 0, -1], 100);
    expect(text).toMatch(/^At α = 100, \|∂L\/∂z\| is less than 1\u202f% of its largest\. Most gets through at α = /);
    expect(text).toContain('the row decides for one key');
    expect(text).toMatch(/The fewest keys are dead, 0\u202f%, at α = /);
  });

  it('knows that keys which tie never let the row decide', () => {
    expect(say([2, 2, 0], [1, -1, 0], 5)).toContain('2 keys tie for the largest score');
    expect(say([2, 2, 0], [1, -1, 0], 5)).toContain('still grows at the end of the range');
  });

  it('says 0 % of a true zero only', () => {
    expect(say([0, 1, 2], [1, 0, -1], 0)).toMatch(/\|∂L\/∂z\| is 0\u202f% of its largest/);
    expect(say([0, 1, 2], [1, 0, -1], 1e-3)).toMatch(/\|∂L\/∂z\| is less than 1\u202f% of its largest/);
  });

  it('promises nothing where no gradient arrives', () => {
    expect(say([0, 1], [0, 0], 3)).toMatch(/No gradient arrives .* exactly 0, so no α can help it/);
  });
});
