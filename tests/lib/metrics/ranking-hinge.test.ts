import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { finiteDifference } from '@/lib/math/finite-difference';
import { explainPairHinge, pairHinge, RECIPE_MARGIN, rowHinge } from '@/lib/metrics/ranking-hinge';
import manifest from '@/models/families/fashion-mnist/manifest.json';
import { finiteEntry, pairOf, tiedEntry } from './rows';

interface RankingGolden {
  readonly name: string;
  readonly teacher: readonly number[];
  readonly student: readonly number[];
  readonly margin: number;
  readonly loss: number;
  readonly gradient: readonly number[];
}

const file = new URL('../../golden/ranking.golden.json', import.meta.url);
/** Made by tests/golden/make-ranking-goldens.py; its shape is stated here once. */
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly RankingGolden[] };

function required<T>(value: T | null): T {
  if (value === null) throw new Error('the test needs a defined result');
  return value;
}

describe('rowHinge', () => {
  test.each(cases)('agrees with the recipe’s loss under autograd: $name', ({ teacher, student, margin, ...golden }) => {
    const { loss, gradient } = required(rowHinge(teacher, student, margin));
    expect(Math.abs(loss - golden.loss)).toBeLessThan(1e-13 * Math.max(1, golden.loss));
    golden.gradient.forEach((slope, i) => expect(Math.abs((gradient[i] ?? NaN) - slope)).toBeLessThan(1e-13));
  });

  test('has the gradient that finite differences give, away from kinks', () => {
    const apart = (row: readonly number[]) => new Set(row.map((value) => Math.round(value * 1e3))).size === row.length;
    fc.assert(
      fc.property(pairOf(fc.double({ min: -2, max: 2, noNaN: true }), 2, 8), ([t, s]) => {
        const margin = 0.3;
        const leads = s.flatMap((x, i) => s.slice(i + 1).map((y) => Math.abs(Math.abs(x - y) - margin)));
        fc.pre(apart(t) && Math.min(...leads) > 1e-3);
        const slopes = finiteDifference((x) => required(rowHinge(t, x, margin)).loss, s);
        const { gradient } = required(rowHinge(t, s, margin));
        gradient.forEach((slope, i) => expect(slope).toBeCloseTo(slopes[i] ?? NaN, 7));
      }),
    );
  });

  test('is the mean of its pairs and counts them', () => {
    fc.assert(
      fc.property(pairOf(tiedEntry, 2, 20), ([t, s]) => {
        const row = required(rowHinge(t, s, 0.5));
        const sum = { loss: 0, active: 0, tied: 0 };
        for (const i of t.keys()) {
          for (let j = 0; j < i; j++) {
            // The other way round than the row goes: a pair is the same from either side.
            const pair = required(pairHinge(t, s, [i, j], 0.5));
            sum.loss += pair.loss;
            if (pair.gradientI !== 0) sum.active++;
            if (t[i] === t[j]) sum.tied++;
          }
        }
        expect(row.pairs).toBe((t.length * (t.length - 1)) / 2);
        expect(row.loss).toBeCloseTo(sum.loss / row.pairs, 12);
        expect([row.active, row.tied]).toEqual([sum.active, sum.tied]);
        expect(row.gradient.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
      }),
    );
  });

  test('goes down when the scores follow its gradient downhill', () => {
    const { teacher, student, margin, loss } = required(cases.find(({ name }) => name.includes('50')) ?? null);
    const { gradient } = required(rowHinge(teacher, student, margin));
    const moved = student.map((score, i) => score - 0.01 * (gradient[i] ?? NaN));
    expect(required(rowHinge(teacher, moved, margin)).loss).toBeLessThan(loss);
  });

  test('is null, not 0, for a row without a pair and for scores that are not finite', () => {
    expect(rowHinge([1], [2], 0.2)).toBeNull();
    expect(rowHinge([1, 2], [2, NaN], 0.2)).toBeNull();
    expect(rowHinge([1, Infinity], [2, 3], 0.2)).toBeNull();
  });

  test('refuses rows of different lengths and a margin that is none', () => {
    expect(() => rowHinge([1, 2], [1, 2, 3], 0.2)).toThrow(RangeError);
    for (const margin of [-0.1, NaN, Infinity]) expect(() => rowHinge([1, 2], [1, 2], margin)).toThrow(RangeError);
  });
});

describe('pairHinge', () => {
  test('pulls the pair into the teacher’s order, and lets go beyond the margin', () => {
    const against = { order: 1, lead: -0.75, loss: 1.25, gradientI: -1, gradientJ: 1 };
    expect(pairHinge([1, 0], [-0.5, 0.25], [0, 1], 0.5)).toEqual(against);
    expect(pairHinge([0, 1], [0.25, -0.5], [0, 1], 0.5)).toMatchObject({ order: -1, loss: 1.25, gradientI: 1 });
    expect(pairHinge([1, 0], [2, 0.25], [0, 1], 0.5)).toMatchObject({ loss: 0, gradientI: 0, gradientJ: 0 });
  });

  test('of keys that the teacher ties is the margin, without a gradient', () => {
    fc.assert(
      fc.property(finiteEntry, finiteEntry, (x, y) => {
        const pair = { order: 0, lead: 0, loss: 0.2, gradientI: 0, gradientJ: 0 };
        expect(pairHinge([3, 3], [x, y], [0, 1], 0.2)).toEqual(pair);
      }),
    );
  });

  test('is null where a score is not finite, whatever the other keys are', () => {
    expect(pairHinge([1, NaN, 2], [1, 2, 3], [0, 1], 0.2)).toBeNull();
    expect(pairHinge([1, NaN, 2], [1, 2, 3], [0, 2], 0.2)).not.toBeNull();
    expect(() => pairHinge([1, 2], [1, 2], [0, 2], 0.2)).toThrow(RangeError);
  });

  test('explains itself in KaTeX with the values put in', () => {
    const explanation = explainPairHinge([1, 0], [-0.5, -0.25], [0, 1], 0.5);
    expect(explanation.latex).toBe('\\max(0,\\; 0.5 - (-0.5 - (-0.25)) \\cdot 1) = 0.75');
    expect(explanation.result).toBe(0.75);
    for (const latex of [explanation.latex, ...explanation.terms.map(({ symbol }) => symbol)]) {
      expect(() => katex.renderToString(latex, { throwOnError: true })).not.toThrow();
    }
    expect(explainPairHinge([1, NaN], [1, 2], [0, 1], 0.5).result).toBeNull();
  });
});

test('the margin is the one the embedded students were trained with', () => {
  expect(RECIPE_MARGIN).toBe(manifest.recipe.settings.ranking.margin);
});
